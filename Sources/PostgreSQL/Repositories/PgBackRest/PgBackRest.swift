import Backups
import Glibc
import Processes

/// A stanza of pgBackRest, by the program `pgbackrest`.
struct PgBackRest: BackupRepository {
    let address: RepositoryAddress
    /// The SHA-1 of every file, against the backup's own list of files.
    let comparesFiles = true
    private let tool: RepositoryTool

    /// - Throws: ``Obstacle`` `tool-missing`.
    init(_ address: RepositoryAddress) throws {
        self.address = address.repository
        tool = try RepositoryTool("pgbackrest", of: address.title, package: "pgbackrest")
    }

    func backups(_ cancellation: Cancellation) throws -> [RepositoryBackup] { try info(cancellation).backups }

    func info(_ cancellation: Cancellation) throws -> PgBackRestInfo {
        let result = try run(["--output=json", "info"], cancellation)
        guard result.isSuccess else { throw PgBackRestFailure(result).obstacle("list \(address)") }
        return try PgBackRestInfo.read(result.output, of: address)
    }

    func restore(_ backup: RepositoryBackup, into target: RestoreTarget, _ cancellation: Cancellation) throws {
        let tablespaces = "\(target.work)/tablespaces"
        for path in [target.work, tablespaces] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        let result = try run(
            [
                "--set=\(backup.label)", "--pg1-path=\(target.data)", "--lock-path=\(target.work)",
                "--repo=\(backup.place?.repository ?? 1)", "--process-max=\(max(1, target.jobs))",
                "--tablespace-map-all=\(tablespaces)",
                // How it is recovered is said elsewhere; and what a restore on the production host is told to do is not done here.
                "--type=none", "--no-link-all", "--no-delta", "--reset-link-map", "--reset-tablespace-map",
                "--reset-pg1-host",
                "--reset-db-include", "--reset-db-exclude", "--reset-recovery-option", "restore",
            ], patience: nil, cancellation)
        guard result.isSuccess else {
            let failure = PgBackRestFailure(result).ofRestore(of: backup.label)
            // One that expires while it is restored loses its files one by one.
            guard !(failure is Obstacle), try !backups(cancellation).contains(where: { $0.label == backup.label })
            else {
                throw failure
            }
            throw Obstacle(
                .vanished, "\(backup.label) expired while it was restored", hint: "Verify the newest one.")
        }
        try RestoredTablespaces(data: target.data, work: tablespaces).settle()
    }

    func archive(for backup: RepositoryBackup?, _ cancellation: Cancellation) throws -> any RepositoryArchive {
        let info = try info(cancellation)
        // A stanza that was upgraded keeps the archives of both clusters.
        let parts = info.archives(of: backup?.place).map {
            PgBackRestArchive.Part(repository: $0.database.repository ?? 1, name: $0.id)
        }
        return PgBackRestArchive(repository: self, parts: parts, cancellation: cancellation)
    }

    /// Runs a command of pgBackRest: what it answers comes on standard output, what it complains of on standard error, and nothing
    /// is written to a log file, which may be another user's.
    func run(
        _ arguments: [String], limit: Int = 64 << 20, patience: Duration? = RepositoryTool.patience,
        _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let always = [
            "--stanza=\(address.name)", "--log-level-console=off", "--log-level-stderr=warn", "--log-level-file=off",
        ]
        let configuration = address.configuration.map { ["--config=\($0)"] } ?? []
        return try tool.run(always + configuration + arguments, limit: limit, patience: patience, cancellation)
    }
}
