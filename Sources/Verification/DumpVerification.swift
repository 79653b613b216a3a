package import Backups
import Integrity
package import Logging

/// One verification of one backup, from its bytes to its verdict.
///
/// The way of a dump is one: fetch → integrity → restore → schema → rows → checksums → freshness → queries. Each stage takes what
/// the one before made; what goes wrong becomes a check of its stage. That of a base backup is ``BaseBackupRun``. Blocking: run it on a thread of its own.
package struct DumpVerification: Sendable {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    package init(
        _ request: VerificationRequest, progress: any ProgressObserver, cancellation: Cancellation, log: Logger
    ) {
        self.request = request
        self.progress = progress
        self.cancellation = cancellation
        self.log = log
    }

    package func run() -> VerificationReport {
        var ledger = VerificationLedger(request, startedAt: .now(), planned: plannedStages, log: log)
        proceed(&ledger)
        if let end = request.partsMayArriveUntil, ledger.startedAt < end, ledger.onlyLacksFiles {
            ledger.evidence.checks = ledger.evidence.checks.map(\.ofIncomingBackup)
        }
        if ledger.hasFailed, let isFinished = request.isFinished, !isFinished(cancellation) {
            ledger.evidence.checks = ledger.evidence.checks.map(\.ofUnfinishedBackup)
        }
        return ledger.report(finishedAt: .now())
    }

    private var plannedStages: [Stage] {
        [.integrity, .restore, .rows].filter(request.includes)
    }

    private func proceed(_ ledger: inout VerificationLedger) {
        if let address = RepositoryAddress(request.backup) {
            let run = RepositoryRun(request: request, progress: progress, cancellation: cancellation, log: log)
            return run.run(address, &ledger)
        }
        let fetch = FetchStage(request: request, progress: progress, cancellation: cancellation)
        guard let fetched = ledger.perform(.fetch, { try fetch.run(&$0) }) ?? nil else { return }
        if let base = fetched.base {
            let run = BaseBackupRun(request: request, progress: progress, cancellation: cancellation, log: log)
            return run.run(base, &ledger)
        }
        let manifest = findManifest(&ledger)
        let stage = IntegrityStage(
            backup: fetched, limits: request.restore.limits, jobs: request.restore.jobs, progress: progress,
            cancellation: cancellation)
        let proved = ledger.perform(.integrity, bytes: { $0.stored.size }) { try stage.run(noting: &$0.backup) }
        judgeBytes(proved, manifest, &ledger)
        SecondReading(backup: fetched, progress: progress, cancellation: cancellation).run(&ledger)
        guard let proved, !ledger.hasFailed, request.includes(.restore) else { return }
        ScratchRun(
            request: request, backup: fetched, manifest: manifest, progress: progress, cancellation: cancellation,
            log: log
        ).run(proved, &ledger)
        // What could not be restored can still be known not to be what was there.
        if !ledger.evidence.isRestored, let manifest, manifest.proof == .manifest {
            let contents = proved.contents
            ledger.evidence.checks.append(
                DumpParity(dump: contents.rows, uncounted: contents.uncounted, manifest: manifest.rows).check())
        }
        withExtendedLifetime(fetched) {}
    }

    /// A manifest that can't be used is a check of its own, and the rest goes on.
    private func findManifest(_ ledger: inout VerificationLedger) -> Manifest? {
        do {
            return try ManifestSource.find(for: request, cancellation: cancellation)
        } catch {
            ledger.evidence.checks.append(Check(error, in: .integrity))
            return nil
        }
    }

    private func judgeBytes(_ proved: ProvedBytes?, _ manifest: Manifest?, _ ledger: inout VerificationLedger) {
        noteTime(manifest, proved?.contents.header, &ledger)
        if let manifest {
            if let size = ledger.backup.sizeBytes, let digest = ledger.backup.sha256 {
                let check = ByteChecks.manifest(manifest, stored: StoredFacts(size: size, sha256: digest))
                ledger.evidence.checks.append(check)
                ledger.evidence.digestMatchesManifest = check.verdict == .verified
                if check.verdict == .verified, manifest.proof == .manifest {
                    ledger.evidence.equalToManifest.insert(.integrity)
                }
            }
        }
        guard let proved else { return }
        ledger.evidence.checks += proved.checks
        if let minimum = request.minimumSize {
            ledger.evidence.checks.append(ByteChecks.minimumSize(minimum, stored: proved.stored.size))
        }
        ledger.evidence.checks += ByteChecks.completeness(
            of: proved.contents, allowsEmpty: request.allowsEmpty, isSelection: request.restore.isSelection)
        if case .archive(_, _, let archive) = proved.source, manifest?.proof != .manifest {
            ledger.notes += ByteChecks.unsaidRowSecurity(of: archive)
        }
        ledger.evidence.formatHasChecksum = proved.content == .proved
        ledger.evidence.tables = UInt64(proved.contents.rows.count)
        ledger.evidence.rows = proved.contents.totalRows
        ledger.tables = proved.contents.rows.sorted { $0.key < $1.key }.map {
            TableResult(name: $0.key, dumpRows: $0.value, restoredRows: nil, referenceRows: nil, proof: .itself)
        }
    }

    private func noteTime(_ manifest: Manifest?, _ header: DumpHeader?, _ ledger: inout VerificationLedger) {
        ledger.backup.time = DataTime(
            manifest: manifest?.snapshotAt, dumpStart: header?.startedAt.flatMap { Timestamp($0) },
            named: request.namedTime, completedAt: manifest?.completedAt ?? ledger.backup.time.completedAt)
    }
}
