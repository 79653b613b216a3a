package import Backups

/// Why a database whose turn has come is not being verified.
package enum Hindrance: Sendable, Equatable, CustomStringConvertible {
    case suspended
    /// Its location was not listed yet.
    case catalogUnknown
    case locationDown(problem: String?)
    /// No complete backup to choose.
    case noBackup
    case window(opens: Timestamp?)
    /// As many verifications run as may.
    case cap(Int)
    /// What the shell said of the disk.
    case noRoom(String)

    /// One sentence without its full stop.
    package var description: String {
        switch self {
        case .suspended: "verification is suspended in the configuration"
        case .catalogUnknown: "its location was not listed yet"
        case .locationDown(let problem): "its location can't be listed\(problem.map { ": \($0)" } ?? "")"
        case .noBackup: "there is no complete backup to verify"
        case .window(let opens): "its window opens \(opens.map { "at \($0)" } ?? "at no time that is known")"
        case .cap(let count): "\(Quantity.count(UInt64(count), "verification")) run already, as many as may"
        case .noRoom(let text): text
        }
    }
}
