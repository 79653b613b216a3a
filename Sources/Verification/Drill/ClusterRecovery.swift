import Backups
import Integrity
import Logging
import PostgreSQL

/// A base backup in scratch, recovered and looked at: what drills and verifications of base backups have in common.
struct ClusterRecovery {
    let request: DrillRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation
    let log: Logger

    func claim() throws -> PreparedScratch {
        let stage = ScratchStage(options: request.base.restore, cancellation: cancellation, log: log)
        return try PreparedScratch.claim(stage.configuration, cancellation: cancellation, log: log)
    }

    /// Holds the files against their manifest, and unpacks them on the way where a scratch is given.
    func unpack(_ place: BaseBackupPlace, into scratch: PreparedScratch?) throws -> BaseBackupResult {
        try BaseBackupPass(
            place, destination: scratch?.directory.data, threads: request.base.restore.jobs,
            limits: request.base.restore.limits, progress: progress, cancellation: cancellation
        ).run()
    }

    /// Notes what the files say of the backup.
    func note(_ unpacked: BaseBackupResult, _ ledger: inout VerificationLedger) {
        let seen = unpacked.seen
        ledger.backup.format = .basebackup
        ledger.backup.compression = seen.compression
        ledger.backup.sizeBytes = seen.storedBytes
        ledger.backup.contentBytes = seen.bytes
        ledger.backup.dumpedFrom = seen.major.map { "\($0)" }
        ledger.evidence.formatHasChecksum = unpacked.content == .proved
        ledger.evidence.unproved = Self.unproved
    }

    private static let unproved =
        "the manifest of the base backup has no checksums (--manifest-checksums=NONE): an altered file of the same size "
        + "would not be seen. Make it with checksums: CRC32C is the default."

    /// What who restores it by hand should know.
    static func notes(on place: BaseBackupPlace, _ unpacked: BaseBackupResult) -> [String] {
        guard case .location = place, unpacked.layout == .plain else { return [] }
        return [
            "an object store keeps no empty directories: those that PostgreSQL wants (pg_wal/archive_status, pg_logical/snapshots and "
                + "others) were made in the copy. Make them, too, when you restore by hand; tars have them."
        ]
    }

    /// Recovers what lies in scratch, and notes whether that came to its target.
    /// - Parameter archived: what the archive held before.
    /// - Returns: `nil` when it could not be tried; then a check says why.
    func recover(
        _ cluster: RestoredCluster, in scratch: PreparedScratch, archived: ArchivedSegments,
        _ ledger: inout VerificationLedger, makeSupply: Recovery.SupplyMaker
    ) -> Recovery.Outcome? {
        let recovered = ledger.perform(.recovery, bytes: { $0.bytes }) { ledger in
            guard !cluster.isIncremental else { throw Self.incremental }
            let installation = try chooseInstallation(cluster)
            ledger.postgresql = installation.shortVersion
            if let warning = try scratch.isolation(for: installation).warning { ledger.notes.append(warning) }
            return try Recovery(
                scratch, installation: installation, target: request.target, timeline: request.timeline,
                archived: archived, grace: request.grace
            ).run(makeSupply: makeSupply)
        }
        guard let recovered else { return nil }
        ledger.evidence.checks.append(recovered.check)
        ledger.notes += scratch.tablespaces.map {
            "the log makes a tablespace at \($0.location): it was given a directory in scratch. Make one there before you "
                + "restore by hand, for recovery stops without it."
        }
        if recovered.server != nil {
            let seconds = (ledger.seconds(of: .integrity) ?? 0) + (ledger.seconds(of: .recovery) ?? 0)
            ledger.restore = RestoreFacts(
                seconds: seconds, profile: request.base.restore.profile, bytes: ledger.backup.contentBytes)
            // It shows what was committed up to the end of its recovery; where nothing was, at least what was there when the
            // base backup began.
            ledger.backup.time = DataTime(
                manifest: nil, dumpStart: cluster.label.flatMap { BackupLabel($0) }?.startedAt,
                named: request.base.namedTime, recovered: recovered.account.lastTransaction,
                completedAt: ledger.backup.time.completedAt)
        }
        return recovered
    }

    static let incremental = Obstacle(
        .unsupportedFormat,
        "this is an incremental backup: it holds what changed since another one, and restores only together with that",
        hint: "Put it together with the backups before it (pg_combinebackup), and name what comes out.")

    /// Looks at what came back; nothing where no server came to run.
    func prove(_ recovered: Recovery.Outcome, in scratch: PreparedScratch, _ ledger: inout VerificationLedger) {
        guard let server = recovered.server else { return }
        RecoveredProof(request: request, scratch: scratch, progress: progress, cancellation: cancellation)
            .run(server, recovered, &ledger)
    }

    /// What a server found in files that nothing was held against may have happened to them on the way.
    func confirm(_ cluster: RestoredCluster, _ ledger: inout VerificationLedger) {
        guard let unproved = cluster.unproved else { return }
        UnprovedReading(files: unproved, progress: progress, cancellation: cancellation).run(&ledger)
    }

    /// The files of a data directory are of one major version.
    private func chooseInstallation(_ cluster: RestoredCluster) throws -> Installation {
        guard let major = cluster.major else {
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
}
