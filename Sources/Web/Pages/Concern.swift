import Backups

/// How bad it is, the worst last.
enum Level: String, Sendable, Comparable, CaseIterable {
    case well
    /// Nothing is known yet, or it was switched off on purpose.
    case waiting
    /// An objective is missed, or nobody can say.
    case attention
    /// This database would not come back as it should.
    case failed

    static func < (left: Level, right: Level) -> Bool { left.order < right.order }
    private var order: Int { Level.allCases.firstIndex(of: self) ?? 0 }
}

/// One thing that somebody on call has to know of a database.
struct Concern: Sendable, Equatable {
    /// Stable, for machines.
    let code: String
    let level: Level
    /// A few words.
    let title: String
    /// One sentence: why.
    var detail: String?
    /// What to do.
    var hint: String?
    var since: Timestamp?
    /// The verification that showed it.
    var run: RunID?

    init(
        _ code: String, _ level: Level, _ title: String, detail: String? = nil, hint: String? = nil,
        since: Timestamp? = nil, run: RunID? = nil
    ) {
        self.code = code
        self.level = level
        self.title = title
        self.detail = detail
        self.hint = hint
        self.since = since
        self.run = run
    }
}
