import Backups
import Integrity
import Processes

/// How a configured command failed: what its words mean nobody knows here, only what the file says of its exit statuses.
struct CommandFailure {
    private let result: ProcessResult
    private let title: String

    init(_ result: ProcessResult, _ address: RepositoryAddress) {
        (self.result, title) = (result, address.title)
    }

    /// Damage where the file calls the status so, and the disk was not full; otherwise an obstacle.
    /// - Parameter part: what is damaged then.
    func error(_ part: String, _ what: String, _ damage: Set<Int32>) -> any Error {
        guard case .exited(let status) = result.end, damage.contains(status), !FullDisk.isTold(in: result.errorText)
        else { return obstacle(what) }
        return ContentDamage(part, .corrupt, "\(title) can't \(what), and calls it damaged: \(message)")
    }

    func obstacle(_ what: String) -> Obstacle {
        let sentence = "\(title) can't \(what): \(message)"
        guard !FullDisk.isTold(in: result.errorText) else { return FullDisk.obstacle(sentence) }
        return Obstacle(.unexplainedError, sentence, hint: "Run the command by hand, as this user.")
    }

    private var message: String {
        let said = PgBackRestFailure.line(result.errorText)
        let end =
            switch result.end {
            // The shell in front of it tells of signals so.
            case .exited(let status) where status > 128: "it was ended by signal \(status - 128)"
            case .exited(127): "there is no such program (exit status 127)"
            default: "it ended with \(result.end)"
            }
        return said.isEmpty ? end : "\(end): \(said)"
    }
}
