import Backups
import Glibc
import Integrity
import Processes

/// A server of Barman, by the program `barman`.
struct Barman: BackupRepository {
    private struct Server: Decodable {
        let basebackups_directory: String
        let wals_directory: String
    }

    let address: RepositoryAddress
    /// It restores what lies there, whatever it is: without a word where a file is gone.
    let comparesFiles = false
    private let tool: RepositoryTool

    /// - Throws: ``Obstacle`` `tool-missing`.
    init(_ address: RepositoryAddress) throws {
        self.address = address.repository
        tool = try RepositoryTool("barman", of: address.title, package: "barman")
    }

    func backups(_ cancellation: Cancellation) throws -> [RepositoryBackup] {
        let result = try run(["-f", "json", "list-backups", address.name], cancellation)
        guard result.isSuccess else { throw BarmanFailure(result).obstacle("list \(address)") }
        return try BarmanListing(result.output, of: address).backups
    }

    func details(_ backup: RepositoryBackup, _ cancellation: Cancellation) throws -> RepositoryBackup {
        guard let shown = try show(backup.label, cancellation) else { return backup }
        var backup = backup
        backup.startedAt = shown.startedAt
        backup.major = shown.major
        if case .failed = backup.standing, let error = shown.error { backup.standing = .failed(error) }
        return backup
    }

    func restore(_ backup: RepositoryBackup, into target: RestoreTarget, _ cancellation: Cancellation) throws {
        let (tablespaces, staging) = ("\(target.work)/tablespaces", "\(target.work)/staging")
        for path in [target.work, tablespaces, staging] where mkdir(path, 0o711) != 0 && errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        // One that is not named goes to where production has it, and empties that place first.
        guard let names = try show(backup.label, cancellation)?.tablespaces?.map(\.name) else {
            throw Obstacle(
                .unreadable,
                "barman show-backup does not say which tablespaces \(backup.label) has, so it is not restored",
                hint: "Run it by hand: barman show-backup \(address.name) \(backup.label).")
        }
        try handOver([target.data, tablespaces, staging], cancellation)
        let options = names.enumerated().flatMap { ["--tablespace", "\($0.element):\(tablespaces)/\($0.offset)"] }
        var result = try recover(options, backup, target, cancellation)
        if BarmanFailure(result).wantsStaging {
            // A compressed backup; versions that know of none do not know the option.
            result = try recover(options + ["--recovery-staging-path", staging], backup, target, cancellation)
        }
        guard result.isSuccess else {
            let failure = BarmanFailure(result).ofRestore(of: backup.label)
            guard !(failure is Obstacle), try !backups(cancellation).contains(where: { $0.label == backup.label })
            else {
                throw failure
            }
            throw Obstacle(
                .vanished, "\(backup.label) was deleted while it was restored", hint: "Verify the newest one.")
        }
        try takeBack([target.data, tablespaces, staging])
        try BarmanTraces(data: target.data, label: backup.label).remove()
        try RestoredTablespaces(data: target.data, work: tablespaces).settle()
    }

    private func recover(
        _ options: [String], _ backup: RepositoryBackup, _ target: RestoreTarget, _ cancellation: Cancellation
    ) throws -> ProcessResult {
        // What it copies of the log would be all that is archived since; the server asks for what it needs.
        let words = ["-q", "recover", "--get-wal", "--jobs", "\(max(1, target.jobs))"]
        return try run(
            words + options + [address.name, backup.label, target.data], patience: nil, cancellation)
    }

    func archive(for backup: RepositoryBackup?, _ cancellation: Cancellation) throws -> any RepositoryArchive {
        BarmanArchive(repository: self, directory: WALDirectory(try server(cancellation).wals_directory))
    }

    func run(
        _ arguments: [String], limit: Int = 64 << 20, patience: Duration? = RepositoryTool.patience,
        _ cancellation: Cancellation
    ) throws -> ProcessResult {
        try tool.run(
            (address.configuration.map { ["-c", $0] } ?? []) + arguments, limit: limit, patience: patience, cancellation
        )
    }

    private func show(_ label: String, _ cancellation: Cancellation) throws -> BarmanBackup? {
        let result = try run(["-f", "json", "show-backup", address.name, label], cancellation)
        return result.isSuccess ? BarmanBackup(result.output, of: address) : nil
    }

    private func server(_ cancellation: Cancellation) throws -> Server {
        let result = try run(["-f", "json", "show-server", address.name], cancellation)
        guard result.isSuccess else { throw BarmanFailure(result).obstacle("look at \(address)") }
        guard let server = BarmanAnswer<Server>.read(result.output, of: address.name) else {
            throw Obstacle(
                .toolsTooOld, "barman show-server says nothing that can be understood", hint: "2.13 or newer is needed."
            )
        }
        return server
    }

    /// Started by root, Barman becomes the user that its configuration names (`drop_privileges` of barman/utils.py), to whom its
    /// backups belong; what it writes to must be that user's then.
    private func handOver(_ directories: [String], _ cancellation: Cancellation) throws {
        guard ProcessUser.isRoot else { return }
        let backups = try server(cancellation).basebackups_directory
        guard let owner = DirectoryTree.status(backups) else { throw DirectoryTree.obstacle("read", backups) }
        for path in directories where lchown(path, owner.st_uid, owner.st_gid) != 0 {
            throw DirectoryTree.obstacle("given to Barman's user", path)
        }
    }

    /// Nothing of Barman's user reaches into what we go through from here on.
    private func takeBack(_ directories: [String]) throws {
        guard ProcessUser.isRoot else { return }
        for path in directories where lchown(path, 0, 0) != 0 || chmod(path, 0o700) != 0 {
            throw DirectoryTree.obstacle("taken back", path)
        }
    }
}
