import Backups
import Glibc
import Processes

/// The write-ahead log of a configured tool: `restore_command` fetches from it, and `list_wal` lists it, where there is one.
struct CommandArchive: RepositoryArchive {
    let repository: CommandRepository
    let commands: RepositoryCommands

    var source: (any WALArchiveSource)? { segments(areInspected: false) }
    var inspected: (any WALArchiveSource)? { segments(areInspected: true) }

    private func segments(areInspected: Bool) -> CommandSegments? {
        commands.listWAL.map {
            CommandSegments(archive: self, list: $0, isInspected: areInspected, cancellation: Cancellation())
        }
    }

    func fetch(_ name: String, to path: String, for cluster: String, _ cancellation: Cancellation) throws -> Bool {
        try fetch(name, to: path, cancellation)
    }

    /// - Returns: `false` when there is none: the command says so by an exit status that the file calls so, and its listing of now, where
    ///   it has one, does not have it.
    func fetch(_ name: String, to path: String, _ cancellation: Cancellation) throws -> Bool {
        guard let command = commands.restoreCommand else { return false }
        let values: [Character: String] = ["f": name, "p": path]
        let result = try repository.run(command, values, isWhole: false, patience: nil, cancellation)
        if result.isSuccess {
            guard DirectoryTree.status(path)?.isRegular == true else {
                throw Obstacle(
                    .unexplainedError,
                    "\(repository.address.title) fetched \(name) without an error, and brought nothing",
                    hint: "Run restore_command by hand: it must put the file to %p.")
            }
            return true
        }
        unlink(path)
        let failure = CommandFailure(result, repository.address)
        let error = failure.error("wal", "fetch \(name)", commands.damage)
        guard case .exited(let status) = result.end, isAbsence(status), error is Obstacle else { throw error }
        if let source = source?.ended(by: cancellation), try source.has(name) { throw error }
        return false
    }

    /// From 126 on the shell speaks, and no command; and 127 is that there is none.
    private func isAbsence(_ status: Int32) -> Bool {
        commands.absence.isEmpty ? (1...125).contains(status) : commands.absence.contains(status)
    }
}

extension WALArchiveSource {
    /// Whether a listing of now has the file, in whatever way it is stored.
    fileprivate func has(_ name: String) throws -> Bool {
        var isThere = false
        try list { isThere = isThere || $0.path == name }
        return isThere
    }
}
