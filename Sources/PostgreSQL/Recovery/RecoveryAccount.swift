package import Backups

/// What a server that recovered has said of it in its log.
///
/// PostgreSQL tells it nowhere else. Messages of src/backend/access/transam/xlogrecovery.c and xlogreader.c, with
/// `lc_messages` C, `log_timezone` UTC and the default prefix of lines (`%m [%p] `).
package struct RecoveryAccount: Sendable, Equatable, Codable {
    /// Where replaying began, and the start of the last record that was replayed.
    package private(set) var redoStart: WALPosition?
    package private(set) var redoEnd: WALPosition?
    /// Where the base backup became consistent.
    package private(set) var consistentAt: WALPosition?
    /// The time of the last transaction that was replayed, in the server's words.
    private var lastTransactionText: String?
    /// Why it stopped before the end of the archive, in the server's words; `nil` at the end of the archive.
    package private(set) var stop: String?
    /// The timeline that it runs on since.
    package private(set) var newTimeline: UInt32?
    /// Files taken from the archive.
    package private(set) var restoredFiles = 0
    /// The last thing that it could not make sense of in the write-ahead log.
    package private(set) var trouble: String?
    /// What ended it.
    package private(set) var fatal: String?
    /// When it began, when replaying began and ended, when it accepted connections, and when it gave up.
    private var moments: [Moment: String] = [:]
    /// Seconds of replaying by servers before this one.
    private var replayedBefore = 0.0

    package enum Moment: String, Sendable, Codable, CodingKeyRepresentable {
        case start, redoStart, redoEnd, ready, fatal
    }

    package init() {}

    /// - Parameter log: all that it wrote.
    package init(log: String) {
        for line in log.split(whereSeparator: \.isNewline) { take(line) }
    }

    /// The commit, or rollback, of the last transaction that was replayed.
    package var lastTransaction: Timestamp? { lastTransactionText.flatMap { Timestamp($0) } }

    /// Seconds from one moment to another; `nil` where one of them did not come.
    package func seconds(from start: Moment, to end: Moment) -> Double? {
        guard let start = moments[start].flatMap({ Timestamp($0) }), let end = moments[end].flatMap({ Timestamp($0) })
        else { return nil }
        return max(0, end.seconds(since: start))
    }

    /// It accepts connections.
    package var isReady: Bool { moments[.ready] != nil }

    /// Seconds of replaying, in all; `nil` where none came to its end.
    package var replaySeconds: Double? { seconds(from: .redoStart, to: .redoEnd).map { $0 + replayedBefore } }

    /// What was told by this server, and then by another that was started on the same files and went on.
    ///
    /// Where it ended, and why, is the other's: that one goes on where this one had last saved its place, and comes by the same end.
    package func continued(by next: RecoveryAccount) -> RecoveryAccount {
        var whole = next
        whole.redoStart = redoStart ?? next.redoStart
        whole.consistentAt = consistentAt ?? next.consistentAt
        whole.redoEnd = next.redoEnd ?? redoEnd
        // No transaction may be left for the other.
        whole.lastTransactionText = next.lastTransactionText ?? lastTransactionText
        whole.restoredFiles += restoredFiles
        whole.replayedBefore +=
            replayedBefore + (seconds(from: .redoStart, to: .redoEnd) ?? seconds(from: .redoStart, to: .fatal) ?? 0)
        return whole
    }

    /// Where the log makes a tablespace, and no directory is (`create_tablespace_directories` in
    /// src/backend/commands/tablespace.c).
    package var missingTablespace: String? {
        let (start, end) = ("directory \"", "\" does not exist")
        guard let fatal, fatal.hasPrefix(start), fatal.hasSuffix(end) else { return nil }
        return String(fatal.dropFirst(start.count).dropLast(end.count))
    }

    /// Takes one line of the log.
    ///
    /// What is no line's beginning is text that the server quotes: it puts a tab before each further line of a message
    /// (`append_with_tabs` in src/backend/utils/error/elog.c), and a path, or the name of a restore point, may say anything.
    package mutating func take(_ line: some StringProtocol) {
        guard let (time, text) = Self.parse(String(line)) else { return }
        if let text = Self.text(after: "LOG:  ", in: text) {
            take(log: text, at: time)
        } else if fatal == nil,
            let text = Self.text(after: "FATAL:  ", in: text) ?? Self.text(after: "PANIC:  ", in: text)
        {
            fatal = text
            moments[.fatal] = time
        }
    }

    /// `2026-11-20 02:00:07.123 UTC [9] ` before a message: its time, and the rest.
    private static func parse(_ line: String) -> (time: String, text: String)? {
        let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard words.count == 5, isTime(words[0], of: 10), isTime(words[1], of: 12),
            words[2].allSatisfy(\.isLetter), words[3].hasPrefix("["), words[3].hasSuffix("]"),
            UInt32(words[3].dropFirst().dropLast()) != nil
        else { return nil }
        return (words[0...2].joined(separator: " "), String(words[4]))
    }

    private static func isTime(_ word: Substring, of length: Int) -> Bool {
        word.utf8.count == length && word.utf8.first.map { (48...57).contains($0) } ?? false
            && word.utf8.allSatisfy { (48...57).contains($0) || "-:.".utf8.contains($0) }
    }

    private mutating func take(log text: String, at time: String) {
        if text.hasPrefix("starting ") {
            moments[.start] = time
        } else if let position = Self.position(after: "redo starts at ", in: text) {
            redoStart = position
            moments[.redoStart] = time
        } else if let position = Self.position(after: "redo done at ", in: text) {
            redoEnd = position
            moments[.redoEnd] = time
        } else if let position = Self.position(after: "consistent recovery state reached at ", in: text) {
            consistentAt = position
        } else if text.hasPrefix("database system is ready to accept connections") {
            moments[.ready] = time
        } else if let time = Self.text(after: "last completed transaction was at log time ", in: text) {
            lastTransactionText = time
        } else if let number = Self.text(after: "selected new timeline ID: ", in: text) {
            newTimeline = UInt32(number)
        } else {
            takeRest(text)
        }
    }

    private mutating func takeRest(_ text: String) {
        if text.hasPrefix("recovery stopping ") {
            stop = String(text.dropFirst("recovery stopping ".count))
        } else if text.hasPrefix("restored log file ") {
            restoredFiles += 1
        } else if Self.troubles.contains(where: text.contains) {
            trouble = text
        }
    }

    /// What `xlogreader.c` and `xlogrecovery.c` say of a record or page that is none.
    private static let troubles = [
        "invalid record length at", "record with invalid length at", "invalid record offset at",
        "incorrect resource manager data checksum in record", "invalid resource manager ID",
        "record with incorrect prev-link", "invalid magic number", "invalid info bits", "unexpected pageaddr",
        "out-of-sequence timeline ID", "invalid contrecord length", "there is no contrecord flag",
        "contrecord is requested by", "WAL file is from different database system", "out-of-order block_id",
        "invalid block_id", "unexpected timeline ID", "invalid checkpoint record", "invalid primary checkpoint record",
    ]

    private static func text(after prefix: String, in text: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    /// The place may be followed by more.
    private static func position(after prefix: String, in text: String) -> WALPosition? {
        guard text.hasPrefix(prefix) else { return nil }
        return WALPosition(text.dropFirst(prefix.count).prefix { $0.isHexDigit || $0 == "/" })
    }
}
