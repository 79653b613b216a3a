package import Backups

/// What a server that recovered has said of it in its log.
///
/// PostgreSQL tells it nowhere else once it has promoted. Messages of src/backend/access/transam/xlogrecovery.c and xlog.c,
/// with `lc_messages` C; what versions 13 to 18 say is the same but for the places named here.
package struct RecoveryAccount: Sendable, Equatable {
    /// Where replaying began, and ended.
    package private(set) var redoStart: WALPosition?
    package private(set) var redoEnd: WALPosition?
    /// Where the base backup became consistent.
    package private(set) var consistentAt: WALPosition?
    /// The commit of the last transaction that was replayed.
    package private(set) var lastTransaction: Timestamp?
    /// Why it stopped before the end of the archive, in the server's words; `nil` at the end of the archive.
    package private(set) var stop: String?
    /// The timeline that it runs on since.
    package private(set) var newTimeline: UInt32?
    /// Segments taken from the archive.
    package private(set) var restoredFiles = 0
    /// What ended it.
    package private(set) var fatal: String?

    package init() {}

    /// - Parameter log: all that it wrote.
    package init(log: String) {
        for line in log.split(whereSeparator: \.isNewline) { take(line) }
    }

    /// Takes one line of the log.
    package mutating func take(_ line: some StringProtocol) {
        let line = String(line)
        if let text = Self.text(after: "LOG:  ", in: line) {
            take(log: text)
        } else if fatal == nil, let text = Self.text(after: "FATAL:  ", in: line) ?? Self.text(after: "PANIC:  ", in: line) {
            fatal = text
        }
    }

    private mutating func take(log text: String) {
        if let position = Self.position(after: "redo starts at ", in: text) {
            redoStart = position
        } else if let position = Self.position(after: "redo done at ", in: text) {
            redoEnd = position
        } else if let position = Self.position(after: "consistent recovery state reached at ", in: text) {
            consistentAt = position
        } else if let time = Self.text(after: "last completed transaction was at log time ", in: text) {
            lastTransaction = Timestamp(time)
        } else if text.hasPrefix("recovery stopping ") {
            stop = String(text.dropFirst("recovery stopping ".count))
        } else if let number = Self.text(after: "selected new timeline ID: ", in: text) {
            newTimeline = UInt32(number)
        } else if text.hasPrefix("restored log file ") {
            restoredFiles += 1
        }
    }

    private static func text(after prefix: String, in line: String) -> String? {
        guard let start = line.firstRange(of: prefix) else { return nil }
        return String(line[start.upperBound...])
    }

    /// The place may be followed by more.
    private static func position(after prefix: String, in text: String) -> WALPosition? {
        guard text.hasPrefix(prefix) else { return nil }
        return WALPosition(text.dropFirst(prefix.count).prefix { $0.isHexDigit || $0 == "/" })
    }
}
