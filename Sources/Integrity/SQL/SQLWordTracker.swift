/// Watches the bare words of a statement for the few that say where it ends, and how many rows it inserts.
///
/// PostgreSQL 15 src/fe_utils/psqlscan.l, rule `{identifier}`: in `CREATE [OR REPLACE] {FUNCTION|PROCEDURE}`, outside
/// parentheses, `BEGIN` opens a body, `CASE` in a body opens a level more, and `END` closes one.
struct SQLWordTracker {
    /// Words of the statement so far, quoted names not among them.
    private(set) var count = 0
    /// Open `BEGIN`s and, inside them, `CASE`s.
    private(set) var routineDepth = 0
    /// After `VALUES` at depth 0, and before an `ON`.
    private(set) var isInValues = false
    /// `DEFAULT VALUES`.
    private(set) var insertsDefaults = false
    private(set) var isInsert = false

    private var word: UInt128 = 0
    private var length = 0
    private var previous: UInt128 = 0
    /// First letters of the first four words, 0 where a word is none of those that matter.
    private var heads: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)

    mutating func reset() { self = SQLWordTracker() }

    /// The word so far, if it is one letter: perhaps the prefix of a string.
    var singleLetter: UInt8? { length == 1 ? UInt8(truncatingIfNeeded: word) : nil }

    mutating func begin(_ byte: UInt8) {
        word = UInt128(byte.lowercased)
        length = 1
    }

    mutating func append(_ byte: UInt8) {
        word = word << 8 | UInt128(byte.lowercased)
        length += 1
    }

    /// As many bytes as belong to the word.
    @inline(__always)
    mutating func append(from chunk: UnsafeRawBufferPointer, _ position: inout Int) {
        var index = position
        var grown = word
        while index < chunk.count, chunk[index].continuesIdentifier {
            grown = grown << 8 | UInt128(chunk[index].lowercased)
            index += 1
        }
        word = grown
        length += index - position
        position = index
    }

    mutating func end(atDepth depth: Int) {
        let current = length <= 16 ? word : 0
        note(current)
        if count == 1 { isInsert = current == Self.insert }
        if depth == 0, length >= 2 { countLevels(current) }
        previous = current
        length = 0
    }

    private mutating func note(_ current: UInt128) {
        defer { count += 1 }
        guard count < 4 else { return }
        let isHead = Self.headWords.contains(current)
        let head = isHead ? UInt8(truncatingIfNeeded: current >> (8 * UInt128(length - 1))) : 0
        switch count {
        case 0: heads = (head, 0, 0, 0)
        case 1: heads.1 = head
        case 2: heads.2 = head
        default: heads.3 = head
        }
    }

    private var isRoutine: Bool {
        let (c, f, p) = (UInt8(ascii: "c"), UInt8(ascii: "f"), UInt8(ascii: "p"))
        guard heads.0 == c else { return false }
        if heads.1 == f || heads.1 == p { return true }
        return heads.1 == UInt8(ascii: "o") && heads.2 == UInt8(ascii: "r") && (heads.3 == f || heads.3 == p)
    }

    private mutating func countLevels(_ current: UInt128) {
        if isInsert {
            if current == Self.values {
                isInValues = true
                insertsDefaults = previous == Self.defaultWord
            } else if current == Self.on {
                isInValues = false
            }
        } else if isRoutine {
            if current == Self.begin || (routineDepth > 0 && current == Self.caseWord) {
                routineDepth += 1
            } else if current == Self.end, routineDepth > 0 {
                routineDepth -= 1
            }
        }
    }

    private static let insert = pack("insert")
    private static let values = pack("values")
    private static let defaultWord = pack("default")
    private static let on = pack("on")
    private static let begin = pack("begin")
    private static let caseWord = pack("case")
    private static let end = pack("end")
    private static let headWords = ["create", "function", "procedure", "or", "replace"].map(pack)

    /// Whether the word that just ended begins a command of PostgreSQL 18 (documentation, part VI, SQL Commands).
    var lastIsVerb: Bool { Self.verbs.contains(previous) }

    private static let verbs = Set(
        [
            "abort", "alter", "analyse", "analyze", "begin", "call", "checkpoint", "close", "cluster", "comment",
            "commit", "copy", "create", "deallocate", "declare", "delete", "discard", "do", "drop", "end", "execute",
            "explain", "fetch", "grant", "import", "insert", "listen", "load", "lock", "merge", "move", "notify",
            "prepare", "reassign", "refresh", "reindex", "release", "reset", "revoke", "rollback", "savepoint",
            "security", "select", "set", "show", "start", "table", "truncate", "unlisten", "update", "vacuum",
            "values", "with",
        ].map(pack))

    private static func pack(_ word: String) -> UInt128 {
        word.utf8.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
