import Backups
import Glibc
import Integrity
import Logging

/// What a verification has found so far. Stages write to it in order; at its end it becomes the report.
struct VerificationLedger {
    let request: VerificationRequest
    let startedAt: Timestamp
    var backup: BackupFacts
    var evidence: Evidence
    var tables: [TableResult] = []
    /// Tables whose content or definition is not what the manifest says.
    var differing: Set<TableName> = []
    var findings: [Finding] = []
    var notes: [String] = []
    var restore: RestoreFacts?
    /// Of each freshness rule that was asked.
    var freshness: [FreshnessResult] = []
    /// Of a drill.
    var drill: DrillFacts?
    var postgresql: String?
    private var stages: [StageTiming] = []
    /// Hears when a stage begins, for those who ask what takes so long.
    private let log: Logger?

    init(_ request: VerificationRequest, startedAt: Timestamp, planned: [Stage], log: Logger? = nil) {
        self.request = request
        self.log = log
        self.startedAt = startedAt
        backup = BackupFacts(path: RcloneAddress.printable(request.backup))
        backup.location = Self.resolved(backup.location)
        evidence = Evidence(planned: planned, until: request.until)
    }

    /// The directory from the root on, links followed; as it was given where that can't be found out.
    private static func resolved(_ location: String) -> String {
        guard location != VerificationRequest.standardInput, let path = realpath(location, nil) else { return location }
        defer { free(path) }
        return String(cString: path)
    }

    /// Runs one stage: its time is kept, and an error becomes a check of it.
    /// - Returns: what the stage made, or `nil` when the verification can't go on.
    mutating func perform<Value>(
        _ stage: Stage, bytes: (Value) -> UInt64? = { _ in nil }, _ work: (inout VerificationLedger) throws -> Value
    ) -> Value? {
        log?.debug("the stage \(stage.rawValue) begins", metadata: ["backup": "\(backup.name)"])
        let clock = ContinuousClock()
        let start = clock.now
        let result = Result { try work(&self) }
        let seconds = (clock.now - start).totalSeconds
        switch result {
        case .success(let value):
            add(StageTiming(stage, seconds: seconds, bytes: bytes(value)))
            return value
        case .failure(let error):
            add(StageTiming(stage, seconds: seconds))
            evidence.checks.append(Check(error, in: stage))
            return nil
        }
    }

    /// Times of the same stage are one entry.
    private mutating func add(_ timing: StageTiming) {
        guard let index = stages.firstIndex(where: { $0.stage == timing.stage }) else {
            stages.append(timing)
            return
        }
        stages[index] = StageTiming(
            timing.stage, seconds: stages[index].seconds + timing.seconds, bytes: timing.bytes ?? stages[index].bytes)
    }

    var hasFailed: Bool { evidence.checks.contains { $0.verdict == .failed } }

    /// Nobody can tell what was wrong with a backup that is another one by now, or gone.
    mutating func excuse(_ place: BaseBackupPlace, seen: BaseBackupSighting?, _ cancellation: Cancellation) {
        guard hasFailed, let seen, !cancellation.isCancelled else { return }
        do {
            guard try seen.hasLost(in: place.sighting(cancellation)) else { return }
        } catch let obstacle as Obstacle {
            // What can't be listed may be there: what was found stays. What is not there at all is gone.
            guard obstacle.reason == .vanished || place.isGone else {
                return notes.append("whether it is still there could not be seen: \(obstacle.message)")
            }
        } catch {
            return
        }
        evidence.checks = evidence.checks.map(\.ofVanishedBackup)
    }

    /// Nothing is wrong with a backup of several files but that some are not there: what is there may be too small by that.
    var onlyLacksFiles: Bool {
        let reasons = evidence.checks.filter { $0.verdict == .failed }.map(\.reason)
        return backup.format?.isDirectory == true && reasons.contains(.missingFile)
            && reasons.allSatisfy { $0 == .missingFile || $0 == .tooSmall }
    }

    func seconds(of stage: Stage) -> Double? { stages.first { $0.stage == stage }?.seconds }

    func report(finishedAt: Timestamp) -> VerificationReport {
        var conclusion = evidence.conclude()
        conclusion.notes += notes
        let isProved = conclusion.verdict != .failed && conclusion.provedThrough.map { $0 >= .restore } ?? false
        var report = VerificationReport(
            database: request.database, backup: backup, conclusion: conclusion, stages: stages,
            checks: evidence.checks, tables: tables, findings: findings, restore: restore,
            rto: .recoveryTime(objective: request.objectives.rto, restore: restore, isProved: isProved),
            rpo: .recoveryPoint(
                objective: request.objectives.rpo, time: backup.time, at: startedAt, isProved: isProved),
            startedAt: startedAt, finishedAt: finishedAt, tool: ToolFacts(postgresql: postgresql))
        report.differing = differing
        report.drill = drill
        report.freshness = freshness.compactMap(\.newest).min()
        report.freshnessResults = freshness
        return report
    }
}

extension BackupFacts {
    /// Directory and name of a path.
    init(path: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        guard let slash = trimmed.lastIndex(of: "/") else {
            let isStandardInput = path == VerificationRequest.standardInput
            self.init(location: isStandardInput ? path : ".", name: String(trimmed))
            return
        }
        let directory = trimmed[..<slash]
        self.init(
            location: directory.isEmpty ? "/" : String(directory), name: String(trimmed[trimmed.index(after: slash)...])
        )
    }
}
