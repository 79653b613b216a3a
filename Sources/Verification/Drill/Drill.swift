package import Backups
import Integrity
package import Logging
import PostgreSQL

/// One point-in-time recovery, tried out: from a base backup and a WAL archive to a copy that answers.
///
/// The way is one: fetch (what the archive holds) → integrity (unpack, held against the manifest) → recovery → rows →
/// freshness → queries. What goes wrong becomes a check of its stage. Blocking: run it on a thread of its own.
package struct Drill: Sendable {
    let request: DrillRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    package init(_ request: DrillRequest, progress: any ProgressObserver, cancellation: Cancellation, log: Logger) {
        self.request = request
        self.progress = progress
        self.cancellation = cancellation
        self.log = log
    }

    package func run() -> VerificationReport {
        var ledger = VerificationLedger(
            request.base, startedAt: .now(), planned: [.integrity, .recovery, .rows], log: log)
        ledger.drill = DrillFacts(target: "\(request.target)", archive: request.archive)
        proceed(&ledger)
        var report = ledger.report(finishedAt: .now())
        // How old the copy is says nothing of what would be lost, unless it is the newest that there is.
        report.rpo = request.target == .latest ? report.rpo : nil
        return report
    }

    private func proceed(_ ledger: inout VerificationLedger) {
        let listed = ledger.perform(.fetch) { _ in
            let archive = try request.base.locations.archive(request.archive).ended(by: cancellation)
            return (archive as any WALArchiveSource, try ArchivedSegments(archive))
        }
        guard let (archive, archived) = listed, let scratch = ledger.perform(.integrity, { _ in try claim() }) else {
            return
        }
        defer { scratch.stop() }
        guard let unpacked = unpack(into: scratch, &ledger) else { return }
        let recovered = ledger.perform(.recovery, bytes: { $0.bytes }) { ledger in
            let installation = try chooseInstallation(unpacked)
            ledger.postgresql = installation.shortVersion
            if let warning = try scratch.isolation(for: installation).warning { ledger.notes.append(warning) }
            return try Recovery(
                scratch, installation: installation, target: request.target, timeline: request.timeline,
                archived: archived
            ).run { files, control in
                var options = WALSupply.Options()
                options.systemIdentifier = control.systemIdentifier
                let supply = try WALSupply(
                    archive, cacheDirectory: files, options: options, cancellation: cancellation)
                return { try supply.file($0) }
            }
        }
        guard let recovered else { return }
        note(recovered, &ledger)
        if let server = recovered.server {
            RecoveredProof(request: request, scratch: scratch, progress: progress, cancellation: cancellation)
                .run(server, recovered, &ledger)
        }
    }

    private func claim() throws -> PreparedScratch {
        let stage = ScratchStage(options: request.base.restore, cancellation: cancellation, log: log)
        return try PreparedScratch.claim(stage.configuration, cancellation: cancellation, log: log)
    }

    private func unpack(into scratch: PreparedScratch, _ ledger: inout VerificationLedger) -> BaseBackupResult? {
        let unpacked = ledger.perform(.integrity, bytes: { $0.seen.bytes }) { _ in
            try BaseBackupPass(
                path: request.base.backup, destination: scratch.directory.data, threads: request.base.restore.jobs,
                limits: request.base.restore.limits, progress: progress, cancellation: cancellation
            ).run()
        }
        guard let unpacked else { return nil }
        ledger.evidence.checks += unpacked.checks
        ledger.evidence.formatHasChecksum = unpacked.content == .proved
        ledger.backup.format = .basebackup
        ledger.backup.compression = unpacked.seen.compression
        ledger.backup.sizeBytes = unpacked.seen.storedBytes
        ledger.backup.contentBytes = unpacked.seen.bytes
        ledger.backup.dumpedFrom = unpacked.seen.major.map { "\($0)" }
        return ledger.hasFailed ? nil : unpacked
    }

    /// The files of a data directory are of one major version.
    private func chooseInstallation(_ unpacked: BaseBackupResult) throws -> Installation {
        guard let major = unpacked.seen.major else {
            throw Obstacle(.unsupportedFormat, "PG_VERSION does not say which version of PostgreSQL the backup is of")
        }
        let found = Installations.find(configured: request.base.restore.postgresqlBin)
        guard let exact = found.all.first(where: { $0.isServer && $0.major == major }) else {
            throw Obstacle(
                .serverMissing,
                "the base backup is of PostgreSQL \(major), which no other version can start, and which is not installed",
                hint: "apt-get install postgresql-\(major) (from apt.postgresql.org if Debian has no such package)")
        }
        return exact
    }

    private func note(_ recovered: Recovery.Outcome, _ ledger: inout VerificationLedger) {
        let account = recovered.account
        ledger.evidence.checks.append(recovered.check)
        ledger.drill?.files = recovered.files
        ledger.drill?.bytes = recovered.bytes
        ledger.drill?.end = recovered.history?.parent?.position.description
        ledger.drill?.timeline = recovered.history?.parent?.timeline
        ledger.drill?.lastTransaction = account.lastTransaction
        ledger.drill?.replaySeconds = account.seconds(from: .redoStart, to: .redoEnd)
        ledger.drill?.promoteSeconds = account.seconds(from: .redoEnd, to: .ready)
        guard recovered.server != nil else { return }
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: nil, recovered: account.lastTransaction, completedAt: nil)
        let seconds = (ledger.seconds(of: .integrity) ?? 0) + (ledger.seconds(of: .recovery) ?? 0)
        ledger.restore = RestoreFacts(
            seconds: seconds, profile: request.base.restore.profile, bytes: ledger.backup.contentBytes)
        let end = ledger.drill?.end.map { ", to \($0)" } ?? ""
        let last = account.lastTransaction.map { "; the last transaction is of \($0)" } ?? ""
        ledger.evidence.drilled = "recovered to \(request.target)\(end)\(last); all checks passed"
    }
}
