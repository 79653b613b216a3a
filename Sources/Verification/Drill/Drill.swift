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
        if let end = request.base.partsMayArriveUntil, ledger.startedAt < end, ledger.onlyLacksFiles {
            ledger.evidence.checks = ledger.evidence.checks.map(\.ofIncomingBackup)
        }
        var report = ledger.report(finishedAt: .now())
        // How old the copy is says nothing of what would be lost, unless it is the newest that there is.
        report.rpo = request.target == .latest ? report.rpo : nil
        return report
    }

    private func proceed(_ ledger: inout VerificationLedger) {
        let recovery = ClusterRecovery(request: request, progress: progress, cancellation: cancellation, log: log)
        let found = ledger.perform(.fetch) { ledger -> (DrillBase, RecoveryLog, ArchivedSegments)? in
            guard let base = try base(&ledger) else { return nil }
            let log = try RecoveryLog(request.archive, base: base.repository, request.base.locations, cancellation)
            return (base, log, try log.archived(cancellation))
        }
        guard let (base, log, archived) = found ?? nil else { return }
        let seen = try? base.place?.sighting(cancellation)
        recover(base, log, archived, recovery, &ledger)
        if let place = base.place { ledger.excuse(place, seen: seen, cancellation) }
    }

    private func recover(
        _ base: DrillBase, _ log: RecoveryLog, _ archived: ArchivedSegments, _ recovery: ClusterRecovery,
        _ ledger: inout VerificationLedger
    ) {
        guard let scratch = ledger.perform(.integrity, { _ in try recovery.claim() }) else { return }
        defer { scratch.stop() }
        guard let cluster = base.unpack(recovery, into: scratch, &ledger), !ledger.hasFailed else { return }
        let recovered = recovery.recover(
            cluster, in: scratch, archived: archived, &ledger,
            makeSupply: log.supply(archived, to: scratch, grace: request.grace, cancellation))
        if let recovered {
            note(recovered, &ledger)
            recovery.prove(recovered, in: scratch, &ledger)
        }
        recovery.confirm(cluster, &ledger)
    }

    /// - Returns: `nil` when there is none; then a check says so.
    private func base(_ ledger: inout VerificationLedger) throws -> DrillBase? {
        guard let address = RepositoryAddress(request.base.backup) else { return .files(try place()) }
        return try RepositoryBase.find(address, &ledger, cancellation).map { .restored($0) }
    }

    private func place() throws -> BaseBackupPlace {
        let address = request.base.backup
        switch try RemoteBackup.find(address, in: request.base.locations, cancellation: cancellation) {
        case nil: return .directory(address)
        case .baseBackup(let location, _): return .location(location)
        case .directory(let directory): return .location(directory.location)
        case .object:
            throw Obstacle(
                .unsupportedFormat, "\(address) is one object, and a base backup lies below a prefix",
                hint:
                    "Name what its files lie below: restorable drill --base \(address.prefix(upTo: parent(of: address)))"
            )
        }
    }

    private func parent(of address: String) -> String.Index {
        address.lastIndex(of: "/").map { address.index(after: $0) } ?? address.endIndex
    }

    private func note(_ recovered: Recovery.Outcome, _ ledger: inout VerificationLedger) {
        let account = recovered.account
        ledger.drill?.files = recovered.files
        ledger.drill?.bytes = recovered.bytes
        ledger.drill?.end = recovered.history?.parent?.position.description
        ledger.drill?.timeline = recovered.history?.parent?.timeline
        ledger.drill?.lastTransaction = account.lastTransaction
        ledger.drill?.replaySeconds = account.replaySeconds
        ledger.drill?.promoteSeconds = account.seconds(from: .redoEnd, to: .ready)
        guard recovered.server != nil else { return }
        let end = ledger.drill?.end.map { ", to \($0)" } ?? ""
        let last = account.lastTransaction.map { "; the last transaction is of \($0)" } ?? ""
        ledger.evidence.drilled = "recovered to \(request.target)\(end)\(last); all checks passed"
    }
}
