package import Backups

/// Why a stored segment can't be replayed.
package enum SegmentFlaw: Sendable, Equatable {
    case empty
    /// It holds so many bytes, and should hold a whole segment.
    case wrongLength(UInt64, of: UInt64)
    /// It begins with zeros: a file that was made in its whole length before anything was written to it.
    case zeros
    /// Its first page is no server's.
    case notWAL
    /// Its bytes are not what its name says they are packed with, or they are damaged.
    case damaged(String)
    /// Another cluster wrote it.
    case foreign(UInt64)
    /// It holds another place of the log than its name says.
    case wrongPlace(WALSegmentName)

    /// What is wrong with a segment whose first page begins so, where no server's does.
    init(ofPage head: some Sequence<UInt8>) { self = head.allSatisfy { $0 == 0 } ? .zeros : .notWAL }

    package var reason: Reason {
        switch self {
        case .empty: .emptyFile
        case .wrongLength(let found, let expected): found < expected ? .truncated : .trailingBytes
        case .zeros, .notWAL, .damaged, .wrongPlace: .corrupt
        case .foreign: .walForeign
        }
    }

    /// Whether a segment that is still being written looks like this.
    var maySettle: Bool {
        switch self {
        case .empty, .zeros, .damaged: true
        case .wrongLength(let found, let expected): found < expected
        case .notWAL, .foreign, .wrongPlace: false
        }
    }

    /// What follows the name of the file in a sentence.
    package var text: String {
        switch self {
        case .empty: "is empty"
        case .wrongLength(let found, let expected):
            (found < expected ? "is cut: it" : "is too long: it")
                + " holds \(Quantity.count(found)) bytes, and a segment has \(Quantity.count(expected))"
        case .zeros: "is no write-ahead log: it begins with zeros"
        case .notWAL: "is no write-ahead log: its first page is no server's"
        case .damaged(let what): "can't be unpacked: \(what)"
        case .foreign(let identifier): "was written by another cluster (system identifier \(identifier))"
        case .wrongPlace(let name): "holds segment \(name), not its own"
        }
    }
}

/// A stored segment that can't be replayed.
package struct FlawedSegment: Sendable, Equatable {
    package var path: String
    package var name: WALSegmentName
    package var flaw: SegmentFlaw
}
