import Backups
import Integrity
import PostgreSQL

/// One backup of a repository, and what becomes of it in scratch.
struct RepositoryBase {
    let repository: any BackupRepository
    let backup: RepositoryBackup

    private static let name = "restore"

    /// The backup that `address` names, or the newest one that is complete; notes which that is.
    /// - Returns: `nil` when there is none; then a check says so.
    static func find(
        _ address: RepositoryAddress, _ ledger: inout VerificationLedger, _ cancellation: Cancellation
    ) throws -> RepositoryBase? {
        ledger.backup = BackupFacts(location: "\(address.repository)", name: address.backup ?? address.name)
        ledger.backup.format = address.tool.format
        let repository = try address.open(in: ledger.request.locations)
        let backups = try repository.backups(cancellation)
        guard let wanted = address.backup else {
            guard let newest = backups.last(where: \.isComplete) else {
                ledger.evidence.checks.append(
                    .failed(
                        "backup", in: .fetch, .noBackup, "\(address) has no complete backup",
                        hint: "Look at the job that makes the backups."))
                return nil
            }
            return try RepositoryBase(repository: repository, backup: repository.details(newest, cancellation)).noted(
                &ledger)
        }
        guard let found = backups.first(where: { $0.label == wanted }) else {
            throw Obstacle(
                .vanished, "\(address.repository) has no backup \(wanted)",
                hint:
                    "It may have expired. See which there are: restorable verify \(address.repository) takes the newest."
            )
        }
        return try RepositoryBase(repository: repository, backup: repository.details(found, cancellation)).noted(
            &ledger)
    }

    /// - Returns: `nil` for one that can't be restored; then a check says so.
    private func noted(_ ledger: inout VerificationLedger) -> RepositoryBase? {
        let title = repository.address.title
        ledger.backup.name = backup.label
        ledger.backup.sizeBytes = backup.storedSize
        ledger.backup.contentBytes = backup.size
        ledger.backup.dumpedFrom = backup.major.map { "\($0)" }
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: backup.startedAt, named: ledger.request.namedTime, completedAt: backup.stoppedAt)
        if !backup.chain.isEmpty {
            ledger.notes.append("it is restored together with \(backup.chain.joined(separator: ", "))")
        }
        ledger.notes += backup.unseen.map { "\($0) was passed over: what is newer or missing there is not known" }
        if let minimum = ledger.request.minimumSize {
            ledger.evidence.checks.append(
                backup.storedSize.map { ByteChecks.minimumSize(minimum, stored: $0) }
                    ?? .inconclusive(
                        "size", in: .integrity, .unreadable, "\(title) does not say how large the backup is",
                        hint: "Leave minimum_size out."))
        }
        switch backup.standing {
        case .complete: return self
        case .damaged(let what):
            ledger.evidence.checks.append(
                .failed(
                    "tool", in: .integrity, .corrupt, "\(title) says of it: \(what)",
                    hint:
                        "Production's own files are damaged: run pg_amcheck and pg_checksums there, and look at its disk."
                ))
            return self
        case .failed(let why):
            ledger.evidence.checks.append(
                .failed(
                    "tool", in: .fetch, .notABackup, "\(title) did not finish it: \(why)",
                    hint: "Take another backup, and look at the log of \(title)."))
        case .unfinished:
            ledger.evidence.checks.append(
                .inconclusive(
                    "tool", in: .fetch, .changedWhileReading, "\(title) says that it is still being made",
                    hint: "Verify it again when it is complete."))
        }
        return nil
    }

    /// Has the tool put it together in scratch.
    func restore(
        into scratch: PreparedScratch, _ ledger: inout VerificationLedger, _ cancellation: Cancellation
    ) throws -> RestoredCluster {
        let jobs = ledger.request.restore.jobs
        let target = RestoreTarget(data: scratch.directory.data, work: Self.work(scratch), jobs: jobs)
        do {
            try repository.restore(backup, into: target, cancellation)
        } catch {
            try cancellation.check()
            try scratch.expectRoom()
            throw error
        }
        // A script may pass over what its own commands complain of.
        try scratch.expectRoom()
        try RestoredTree(data: scratch.directory.data, cancellation: cancellation).settle()
        let title = repository.address.title
        let compared = repository.comparesFiles ? ", and compared every file with its checksum" : ""
        ledger.evidence.checks.append(
            .verified(Self.name, in: .integrity, "\(title) restored \(backup.label)\(compared)"))
        ledger.evidence.formatHasChecksum = repository.comparesFiles
        ledger.evidence.unproved =
            "\(title) keeps no checksums of these files, and there is no backup_manifest: an altered file of the same size would not "
            + "be seen, unless the server or pg_amcheck stumbles over it"
        if repository.comparesFiles {
            ledger.notes.append(
                "that its bytes are whole is what \(title) found when it restored it: there is no backup_manifest to hold them against"
            )
        } else if try RestoredManifest.isOwn(in: scratch.directory.data) {
            // What pg_basebackup wrote down goes farther than what the tool looks at.
            var pass = BaseBackupPass(
                .directory(scratch.directory.data), destination: nil, threads: jobs,
                limits: ledger.request.restore.limits, progress: SilentProgress(), cancellation: cancellation)
            // The server's own log files are no part of a backup: barman/recovery_executor.py leaves them out of what it restores,
            // and barman-cloud out of what it keeps (`PGDATA_EXCLUDE_LIST`).
            pass.leftOut = [DataPath("log"), DataPath("pg_log")]
            // Who puts tablespaces elsewhere leaves it out, or the server would look for them where production has them.
            pass.leftOut.append(DataPath("tablespace_map"))
            let held = try pass.run()
            if held.checks.contains(where: { $0.verdict == .failed }) { try expectThere(cancellation) }
            ledger.evidence.checks += held.checks
            ledger.evidence.formatHasChecksum = held.content == .proved
        }
        let cluster = RestoredCluster(data: scratch.directory.data)
        if cluster.label == nil, !repository.comparesFiles {
            if !repository.isAtomic {
                ledger.evidence.checks.append(Self.unlabelled)
            } else if RestoredManifest.lacksLabel(in: scratch.directory.data) {
                ledger.evidence.checks.append(Self.labelLost)
            }
        }
        return cluster
    }

    /// Without it PostgreSQL takes what is there for a server that crashed, and starts at its last checkpoint: files that were
    /// copied one after the other while it ran are of different moments, and nothing would show it.
    private static let unlabelled = Check.inconclusive(
        "label", in: .integrity, .noLabel,
        "there is no backup_label: a copy of a running server recovers from where the backup began only with it",
        hint:
            "Keep what pg_backup_stop returns as backup_label. If the copy was made of a stopped server, or all in one instant, say "
            + "atomic: true: docs/tools.md.")

    private static let labelLost = Check.inconclusive(
        "label", in: .integrity, .noLabel,
        "there is a backup_manifest and no backup_label, and no server has put one aside: a base backup that lost its label is no "
            + "copy of one instant, though atomic is said",
        hint:
            "Restore the label with the rest. If it is a copy of one instant, remove the backup_manifest that is left in production's "
            + "data directory: nothing needs it there.")

    /// One that is deleted while it is restored loses its files one by one.
    private func expectThere(_ cancellation: Cancellation) throws {
        let isThere = try repository.backups(cancellation).contains {
            $0.label == backup.label && $0.standing == backup.standing
        }
        guard !isThere else { return }
        throw Obstacle(.vanished, "\(backup.label) was deleted while it was restored", hint: "Verify the newest one.")
    }

    /// Where the tool keeps what it needs beside the data directory.
    static func work(_ scratch: PreparedScratch) -> String { "\(scratch.directory.path)/tool" }
}
