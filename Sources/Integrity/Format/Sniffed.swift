package import Backups

/// What a file or directory is, by its content.
package enum Sniffed: Sendable, Equatable {
    /// A backup that can be verified. A custom or tar archive may be compressed as a whole, too (`.dump.gz`).
    case dump(BackupFormat, Compression)
    /// No byte, or no byte of content in a compressed file that is whole.
    case empty(Compression)
    case encrypted(Encryption)
    /// A known thing that is no PostgreSQL dump, or none that can be read here. `hint` says what to do.
    case unsupported(name: String, hint: String?)
    /// An error page, say, where a dump should be: `name` says what it is, `seen` how it begins.
    case notABackup(name: String, seen: String)
    /// So few bytes that they are only the beginning of a signature: `name` says of what.
    case stump(name: String)
    /// What a program said when it failed, instead of its output or before it.
    case foreignOutput(line: String)
    /// The data of a directory dump without its table of contents.
    case tableOfContentsMissing
    /// A directory of other things, perhaps of dumps.
    case folder(path: String, files: Int)
    /// Nothing that is known; `seen` says how it begins, printable and short.
    case unknown(seen: String)
}

extension Sniffed {
    /// The check `format`, which stands for all that follows when this can't be verified; `nil` when it can.
    package var refusal: Check? {
        switch self {
        case .dump: return nil
        case .empty(.none):
            return .failed("format", in: .integrity, .emptyFile, "the file is empty", hint: Self.lookAtTheJob)
        case .empty(let compression):
            return .failed(
                "format", in: .integrity, .emptyFile, "the file is \(compression.rawValue) of nothing",
                hint: Self.lookAtTheJob)
        case .encrypted(let encryption):
            let command = encryption == .gpg ? "gpg --batch --decrypt" : "age --decrypt --identity KEYFILE"
            return .inconclusive(
                "format", in: .integrity, .encrypted, "the file is encrypted with \(encryption.rawValue)",
                hint: "give the command that decrypts it: --filter '\(command)'")
        case .unsupported(let name, let hint):
            return .inconclusive(
                "format", in: .integrity, .unsupportedFormat, "this is \(name), which can't be verified here",
                hint: hint)
        case .notABackup(let name, let seen):
            return .failed(
                "format", in: .integrity, .notABackup, "this is \(name), not a backup; it begins with \(seen)",
                hint: Self.lookAtTheJob)
        case .stump(let name):
            return .failed(
                "format", in: .integrity, .truncated, "the file ends within the first bytes of \(name)",
                hint: Self.lookAtTheJob)
        case .foreignOutput(let line):
            return .failed(
                "format", in: .integrity, .foreignOutput, "the file begins with what a program said: \(line)",
                hint: "keep standard error out of the file, and let the job fail when the dump does")
        case .tableOfContentsMissing:
            return .failed(
                "format", in: .integrity, .missingFile,
                "the directory holds data of a directory dump, but its table of contents, toc.dat, is missing")
        case .folder(let path, let files):
            let count = Quantity.count(UInt64(files), "file")
            return .inconclusive(
                "format", in: .integrity, .unsupportedFormat,
                "\(path) is a directory of \(count), and no directory dump",
                hint: "name the files: restorable verify \(path.hasSuffix("/") ? path : path + "/")*")
        case .unknown(let seen):
            return .inconclusive(
                "format", in: .integrity, .unknownFormat, "this is no format that is known; it begins with \(seen)",
                hint: "if it is encrypted or packed, give the command that unpacks it with --filter")
        }
    }

    private static var lookAtTheJob: String { "look at the log of the job that made it" }
}
