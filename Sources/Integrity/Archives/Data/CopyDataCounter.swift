import Backups
internal import Glibc

/// Counts the rows of `COPY … FROM stdin` data as pg_dump stores it: each line is a row (newlines inside values are
/// escaped), then the line `\.`, then two empty lines.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_dump.c, dumpTableData_copy.
struct CopyDataCounter {
    private enum LineState {
        case start, afterBackslash, afterMarker, inside, ended
    }

    private static let emptyLinesAtEnd = 2

    private(set) var rows: UInt64 = 0
    private var state = LineState.start
    private var emptyLines = 0
    private let title: String

    /// - Parameter title: whose data it is, for messages.
    init(of title: String) {
        self.title = title
    }

    mutating func consume(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress else { return }
        let end = base + bytes.count
        var next = base
        while next < end {
            switch state {
            case .start:
                if next.load(as: UInt8.self) == UInt8(ascii: "\\") {
                    state = .afterBackslash
                    next += 1
                } else {
                    next = skipLine(from: next, to: end)
                }
            case .inside:
                next = skipLine(from: next, to: end)
            case .afterBackslash:
                let isMarker = next.load(as: UInt8.self) == UInt8(ascii: ".")
                state = isMarker ? .afterMarker : .inside
                if isMarker { next += 1 }
            case .afterMarker:
                guard next.load(as: UInt8.self) == UInt8(ascii: "\n") else {
                    throw damage(.corrupt, "have the end marker \\. inside a line")
                }
                state = .ended
                next += 1
            case .ended:
                emptyLines += 1
                guard next.load(as: UInt8.self) == UInt8(ascii: "\n"), emptyLines <= Self.emptyLinesAtEnd else {
                    throw damage(.trailingBytes, "go on after their end marker \\.")
                }
                next += 1
            }
        }
    }

    /// - Throws: ``ContentDamage`` unless the data ended with its marker.
    func finish() throws {
        guard state == .ended else { throw damage(.truncated, "end without their end marker \\.") }
        guard emptyLines == Self.emptyLinesAtEnd else {
            throw damage(.truncated, "end without the empty lines after their end marker \\.")
        }
    }

    /// Goes past the next newline, or to the end.
    private mutating func skipLine(from next: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer {
        guard let newline = memchr(next, Int32(UInt8(ascii: "\n")), end - next) else {
            state = .inside
            return end
        }
        state = .start
        rows += 1
        return UnsafeRawPointer(newline) + 1
    }

    private func damage(_ reason: Reason, _ what: String) -> ContentDamage {
        ContentDamage("data", reason, "the rows of \(title) \(what)")
    }
}
