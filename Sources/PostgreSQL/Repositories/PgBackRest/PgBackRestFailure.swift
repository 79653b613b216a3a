import Backups
import Integrity
import Processes

/// How a command of pgBackRest failed: its exit status is the number of the error (pgBackRest's
/// `src/build/error/error.yaml`), and stands in brackets before the message.
struct PgBackRestFailure {
    private enum Code {
        static let checksum: Int32 = 26
        static let fileInvalid: Int32 = 28
        static let format: Int32 = 29
        static let archiveMismatch: Int32 = 44
        static let archiveDuplicate: Int32 = 45
        static let fileOpen: Int32 = 41
        static let fileRead: Int32 = 42
        static let fileMissing: Int32 = 55
        static let fileWrite: Int32 = 64
        static let backupSetInvalid: Int32 = 75
        static let crypto: Int32 = 95
    }

    private static let longest = 400
    private let code: Int32
    private let end: ProcessEnd
    /// All that it said.
    private let said: String

    init(_ result: ProcessResult) {
        end = result.end
        if case .exited(let status) = result.end { code = status } else { code = -1 }
        said = result.errorText
    }

    /// What it says of the backup, or of what stood in the way, while it restored one that its own listing names.
    func ofRestore(of label: String) -> any Error {
        // What it can't write, it can't write for want of room.
        if code == Code.fileWrite || FullDisk.isTold(in: said) {
            return FullDisk.obstacle("pgBackRest can't write what it restores: \(message)")
        }
        if let reason = damage {
            return ContentDamage("restore", reason, "pgBackRest can't restore \(label): \(message)")
        }
        switch code {
        case Code.backupSetInvalid:
            return Obstacle(
                .vanished, "pgBackRest does not know \(label) any more: \(message)",
                hint: "It may have expired meanwhile: verify the newest one.")
        default: return obstacle("restore \(label)")
        }
    }

    /// The same while it fetched a file of the archive.
    func ofFetch(of name: String) -> any Error {
        let sentence = "pgBackRest can't fetch \(name): \(message)"
        if FullDisk.isTold(in: said) { return FullDisk.obstacle(sentence) }
        switch code {
        case Code.archiveMismatch:
            return ContentDamage("wal", .walForeign, sentence)
        case Code.archiveDuplicate:
            return ContentDamage("wal", .corrupt, sentence)
        // What is wrong with each copy stands behind it.
        case Code.fileRead where !said.contains("[FileOpenError]") && !said.contains("[FileReadError]"):
            if said.contains("[ChecksumError]") { return ContentDamage("wal", .checksumMismatch, sentence) }
            if said.contains("unexpected eof") { return ContentDamage("wal", .truncated, sentence) }
            if said.contains("[FormatError]") { return ContentDamage("wal", .corrupt, sentence) }
            if said.contains("[CryptoError]") { return ContentDamage("wal", .corrupt, sentence) }
            return obstacle("fetch \(name)")
        default: return obstacle("fetch \(name)")
        }
    }

    /// Of the files of a backup; `nil` where they are not to blame.
    private var damage: Reason? {
        switch code {
        case Code.checksum: .checksumMismatch
        case Code.format: said.contains("unexpected eof") ? .truncated : .corrupt
        case Code.fileInvalid: .corrupt
        case Code.fileMissing: said.contains("/backup/") ? .missingFile : nil
        // Its processes that read files have the key that the backup's list of files was read with.
        case Code.crypto: said.contains("raised from local-") ? .corrupt : nil
        default: nil
        }
    }

    func obstacle(_ what: String) -> Obstacle {
        if FullDisk.isTold(in: said) { return FullDisk.obstacle("pgBackRest can't \(what): \(message)") }
        let isRefused = said.contains("Permission denied")
        let reason: Reason =
            isRefused
            ? .permissionDenied : code == Code.fileMissing || code == Code.fileOpen ? .unreadable : .unexplainedError
        return Obstacle(
            reason, "pgBackRest can't \(what): \(message)",
            hint: isRefused
                ? "Let this user read the repository, or run this as the user who makes the backups."
                : "Run it by hand, as this user. Error codes: \"Errors\" in pgBackRest's source, src/build/error/error.yaml."
        )
    }

    /// Its errors, in one line.
    private var message: String {
        guard !said.isEmpty else { return "it ended with \(end)" }
        let errors = said.firstRange(of: "ERROR: ").map { said[$0.upperBound...] } ?? said[...]
        return Self.line(String(errors))
    }

    /// Without line ends and hints, and not longer than anybody reads.
    static func line(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
        let joined = lines.filter { !$0.hasPrefix("HINT:") }.joined(separator: "; ")
        return joined.count > longest ? "\(joined.prefix(longest))…" : joined
    }
}
