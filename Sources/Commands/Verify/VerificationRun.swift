import Backups
import Processes
import Logging
import Reports
import Settings
import Verification

/// Verifies one backup after the other, and tells each result as soon as it is there.
struct VerificationRun {
    let asked: ConfiguredRequests
    let output: ReportOptionGroup
    let logger: Logger

    func run() throws -> [VerificationReport] {
        let report = try output.report.map { try ReportFile($0) }
        let metricsFile = try output.metricsFile.map { try ReportFile($0) }
        let cancellation = Cancellation()
        try TerminationSignals.end(cancellation)
        var reports = asked.missing
        var record = OneShotRecord(asked)
        reports.forEach(tell)
        for (index, request) in requests.enumerated() {
            let result = verify(request, number: index + 1, cancellation)
            tell(result)
            record.note(request, result)
            reports.append(result)
        }
        if let problem = record.write() { StandardStream.error.write("restorable: \(problem)\n") }
        try report?.write(HTMLReport(reports).text)
        try tellPrometheus(reports, metricsFile)
        if !output.json, reports.count > 1 { StandardStream.output.write(summary(of: reports)) }
        return reports
    }

    /// Each of both remembers what the run before told it.
    private func tellPrometheus(_ reports: [VerificationReport], _ file: ReportFile?) throws {
        if let file, let path = output.metricsFile {
            let before = TextFile.read(path, limit: 64 << 20).map { String(decoding: $0, as: UTF8.self) }
            let earlier = EarlierMetrics(before ?? "")
            try file.write(metrics(of: reports, after: earlier).text)
        }
        guard let gateway = output.pushgateway.map({ Pushgateway($0) }) else { return }
        let before = Result { try EarlierMetrics(gateway.metrics()) }
        let groups = metrics(of: reports, after: try? before.get()).groups
        if case .failure(let error) = before, groups.contains(where: { !$0.isWhole }) {
            StandardStream.error.write(
                "restorable: what was pushed before can't be read, so only a verdict replaces it: \(error)\n")
        }
        for group in groups { try gateway.push(group.text, database: group.database, replacing: group.isWhole) }
    }

    private func metrics(of reports: [VerificationReport], after earlier: EarlierMetrics?) -> OneShotMetrics {
        OneShotMetrics(reports, intervals: asked.intervals, present: asked.present, after: earlier)
    }

    private func verify(
        _ request: VerificationRequest, number: Int, _ cancellation: Cancellation
    ) -> VerificationReport {
        let label = requests.count > 1 ? "\(number)/\(requests.count)" : ""
        let bar = StandardStream.error.canRedraw ? TerminalProgress(label: label) : nil
        defer { bar?.stop() }
        // A server that dies, or a deadline, ends this verification and not those that follow.
        let own = Cancellation()
        let token = cancellation.onCancel { if let obstacle = cancellation.obstacle { own.cancel(obstacle) } }
        defer { cancellation.removeHandler(token) }
        let timer = Deadline(request.restore.deadline, own)
        defer { timer.stop() }
        let verification = DumpVerification(
            request, progress: bar ?? SilentProgress() as any ProgressObserver, cancellation: own, log: logger)
        return JoinedThread.run(named: "verification") {
            YieldingThread.run(niceness: request.restore.niceness) { verification.run() }
        }
    }

    private func tell(_ report: VerificationReport) {
        let text =
            output.json
            ? report.json.text + "\n"
            : TerminalReport(report, style: StandardStream.output.style, isVerbose: output.verbose).text + separator
        StandardStream.output.write(text)
    }

    private var requests: [VerificationRequest] { asked.found }
    private var separator: String { requests.count + asked.missing.count > 1 ? "\n" : "" }

    private func summary(of reports: [VerificationReport]) -> String {
        let counts = Verdict.allCases.compactMap { verdict -> String? in
            let count = reports.count { $0.conclusion.verdict == verdict }
            return count == 0 ? nil : "\(count) \(verdict.rawValue)"
        }
        return "\(Quantity.count(UInt64(reports.count), "backup")): \(counts.joined(separator: ", "))\n"
    }
}
