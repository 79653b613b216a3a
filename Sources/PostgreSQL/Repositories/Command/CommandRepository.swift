import Backups
import Glibc
import Processes

/// The repository of a tool that is not known here, by the commands that a file names.
struct CommandRepository: BackupRepository {
    /// What stands for a backup where nobody can tell which there are.
    static let latest = "LATEST"

    let address: RepositoryAddress
    /// Nobody knows what the tool looks at.
    let comparesFiles = false
    var isAtomic: Bool { commands.isAtomic }
    private let commands: RepositoryCommands
    /// The backup that the address names.
    private let named: String?

    init(_ address: RepositoryAddress, _ commands: RepositoryCommands) {
        (self.address, self.commands, named) = (address.repository, commands, address.backup)
    }

    func backups(_ cancellation: Cancellation) throws -> [RepositoryBackup] {
        guard let list = commands.list else { return [RepositoryBackup(label: named ?? Self.latest, storedSize: nil)] }
        let result = try run(list, [:], cancellation)
        guard result.isSuccess else { throw CommandFailure(result, address).obstacle("list its backups") }
        return try CommandListing(result.output, of: address).backups
    }

    func restore(_ backup: RepositoryBackup, into target: RestoreTarget, _ cancellation: Cancellation) throws {
        let tablespaces = "\(target.work)/tablespaces"
        for path in [target.work, tablespaces] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        let values: [Character: String] = ["d": target.data, "t": tablespaces, "b": backup.label]
        let result = try run(commands.restore, values, isWhole: false, patience: nil, cancellation)
        guard result.isSuccess else {
            throw CommandFailure(result, address).error("restore", "restore \(backup.label)", commands.damage)
        }
        guard DirectoryTree.status(target.data)?.isDirectory == true, chmod(target.data, 0o700) == 0 else {
            throw DirectoryTree.obstacle("found", target.data)
        }
        let names = DirectoryTree.names(in: target.data)
        guard names.contains("PG_VERSION") || names.contains("backup_manifest") else {
            throw Obstacle(
                .unexplainedError,
                "\(address.title) ended its restore of \(backup.label) without an error, and left "
                    + (names.isEmpty ? "nothing" : "no data directory: PG_VERSION is not in it"),
                hint: "Run the command by hand: %d must become the data directory itself.")
        }
        try RestoredTablespaces(data: target.data, work: tablespaces).settle()
    }

    func archive(for backup: RepositoryBackup?, _ cancellation: Cancellation) throws -> any RepositoryArchive {
        CommandArchive(repository: self, commands: commands)
    }

    /// - Parameter isWhole: its output counts.
    func run(
        _ line: RepositoryCommands.Line, _ values: [Character: String], isWhole: Bool = true,
        patience: Duration? = RepositoryTool.patience, _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let words = try line.filled(values)
        guard let program = words.first else { throw Obstacle(.internalError, "a command of \(address) is empty") }
        let tool = try RepositoryTool(configured: program, of: address.title, passing: commands.environment)
        return try tool.run(
            Array(words.dropFirst()), limit: isWhole ? 64 << 20 : 1 << 16, isWhole: isWhole, patience: patience,
            cancellation)
    }
}
