/// Why a database whose turn has come is not being verified, or drilled.
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
    /// The other kind of turn runs: a drill, or a verification.
    case otherTurn(isDrill: Bool)
    /// Of a drill: the archive of its write-ahead log was not looked at yet.
    case archiveUnknown
    case archiveDown(problem: String?)

    /// One sentence without its full stop.
    package var description: String {
        switch self {
        case .suspended: "verification is suspended in the configuration"
        case .catalogUnknown: "its location was not listed yet"
        case .locationDown(let problem): "its location can't be listed\(problem.map { ": \($0)" } ?? "")"
        case .noBackup: "there is no complete backup to verify"
        case .window(let opens): "its window opens \(opens.map { "at \($0)" } ?? "at no time that is known")"
        case .cap(let count):
            "\(Quantity.count(UInt64(count), "verification")) \(count == 1 ? "runs" : "run") already, as many as may"
        case .noRoom(let text): text
        case .otherTurn(let isDrill): "a \(isDrill ? "drill" : "verification") of it runs"
        case .archiveUnknown: "its WAL archive was not looked at yet"
        case .archiveDown(let problem): "its WAL archive can't be listed\(problem.map { ": \($0)" } ?? "")"
        }
    }

    /// For machines.
    package var code: String {
        switch self {
        case .suspended: "suspended"
        case .catalogUnknown: "not-listed"
        case .locationDown: "location-down"
        case .noBackup: "no-backup"
        case .window: "window"
        case .cap: "cap"
        case .noRoom: "no-room"
        case .otherTurn: "other-turn"
        case .archiveUnknown: "archive-not-listed"
        case .archiveDown: "archive-down"
        }
    }

    package static let codes = [
        "suspended", "not-listed", "location-down", "no-backup", "window", "cap", "no-room", "other-turn",
        "archive-not-listed", "archive-down",
    ]
}
