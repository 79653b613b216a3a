package import Backups
import Scheduling

/// An entry of a location is a backup.
package struct BackupMatch: Sendable, Equatable {
    /// What `{database}` stands for in its path; `nil` where the pattern does not capture it.
    package var database: String?
    /// The time that its path tells.
    package var time: Timestamp?

    package init(database: String? = nil, time: Timestamp? = nil) {
        self.database = database
        self.time = time
    }
}

extension BackupPattern {
    /// What `path` tells if it matches, else `nil`; its parts are separated by `/`.
    ///
    /// In time that grows with the product of both lengths, whatever the path: who can write to a location must not be
    /// able to hold up its listing.
    package func match(_ path: String) -> BackupMatch? {
        var matcher = PatternMatcher(path: Array(path.utf8), parts: parts[...])
        guard matcher.matches(0, parts.startIndex) else { return nil }
        let database = matcher.database.map { String(decoding: matcher.path[$0], as: UTF8.self) }
        guard hasTime else { return BackupMatch(database: database) }
        return time(matcher.numbers).map { BackupMatch(database: database, time: $0) }
    }

    /// - Returns: `nil` for a day that the calendar does not have.
    private func time(_ numbers: [NameClock.Field: Int64]) -> Timestamp? {
        let day = CalendarDay(
            year: numbers[.year] ?? 0, month: numbers[.month] ?? 1, day: numbers[.day] ?? 1)
        guard let day else { return nil }
        let clock = (numbers[.hour] ?? 0) * 3600 + (numbers[.minute] ?? 0) * 60 + (numbers[.second] ?? 0)
        return zone.moment(local: day.daysSince1970 * 86_400 + clock)
    }
}

/// Holds one path against the parts of a pattern. Indices of parts are those of the pattern.
private struct PatternMatcher {
    let path: [UInt8]
    let parts: ArraySlice<BackupPattern.Part>
    private(set) var numbers: [NameClock.Field: Int64] = [:]
    private(set) var database: Range<Int>?
    /// Places from which a part of any length is known to lead nowhere. What was read before does not change that.
    private var failed: [Bool] = []

    init(path: [UInt8], parts: ArraySlice<BackupPattern.Part>) {
        self.path = path
        self.parts = parts
    }

    /// Whether the path from `position` on matches the parts from `index` on.
    mutating func matches(_ position: Int, _ index: Int) -> Bool {
        guard index < parts.endIndex else { return position == path.count }
        switch parts[index] {
        case .literal(let text):
            let end = position + text.count
            return end <= path.count && path[position..<end].elementsEqual(text) && matches(end, index + 1)
        case .anyLetter:
            guard position < path.count, path[position] != Self.slash else { return false }
            return matches(endOfLetter(position), index + 1)
        case .number(let field):
            guard let number = number(at: position, field) else { return false }
            numbers[field] = number
            return matches(position + field.width, index + 1)
        case .anyLetters, .anyDirectories, .database: return matchesAny(position, index)
        }
    }

    /// Tries all ends of a part of any length, the nearest first.
    private mutating func matchesAny(_ position: Int, _ index: Int) -> Bool {
        guard failed.isEmpty || !failed[place(position, index)] else { return false }
        var end: Int? = parts[index] == .database ? next(position, index) : position
        var last = position
        while let tried = end {
            if isMatch(from: position, to: tried, index) { return true }
            last = tried
            end = next(tried, index)
        }
        // What begins later has fewer ends to try.
        if failed.isEmpty { failed = [Bool](repeating: false, count: place(path.count + 1, 0)) }
        for start in position...last { failed[place(start, index)] = true }
        return false
    }

    /// Whether the part ends at `end` and the rest matches.
    private mutating func isMatch(from start: Int, to end: Int, _ index: Int) -> Bool {
        guard parts[index] == .database else { return matches(end, index + 1) }
        let rest = parts[(index + 1)...]
        guard rest.contains(.database) else {
            guard matches(end, index + 1) else { return false }
            database = start..<end
            return true
        }
        // The same name again: with it in place, the rest is a pattern of its own.
        let name = BackupPattern.Part.literal(Array(path[start..<end]))
        var bound = parts
        for later in rest.indices where bound[later] == .database { bound[later] = name }
        var matcher = PatternMatcher(path: path, parts: bound)
        matcher.numbers = numbers
        guard matcher.matches(end, index + 1) else { return false }
        (numbers, database) = (matcher.numbers, start..<end)
        return true
    }

    /// The next end of a part of any length that could end at `end`; `nil` when it can't be longer.
    private func next(_ end: Int, _ index: Int) -> Int? {
        guard end < path.count else { return nil }
        switch parts[index] {
        case .anyLetters(let isDeep): return isDeep || path[end] != Self.slash ? end + 1 : nil
        case .anyDirectories: return path[end...].firstIndex(of: Self.slash).map { $0 + 1 }
        default: return path[end] == Self.slash || isControl(end) ? nil : endOfLetter(end)
        }
    }

    private func place(_ position: Int, _ index: Int) -> Int { position * parts.endIndex + index }

    private func number(at position: Int, _ field: NameClock.Field) -> Int64? {
        let end = position + field.width
        guard end <= path.count else { return nil }
        var number: Int64 = 0
        for byte in path[position..<end] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return field.range.contains(number) ? number : nil
    }

    private static let slash = UInt8(ascii: "/")

    /// Behind the letter that begins at `position`: in UTF-8 all bytes of a letter but its first begin with the bits 10.
    private func endOfLetter(_ position: Int) -> Int {
        var end = position + 1
        while end < path.count, path[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    /// Unicode's category Cc: U+0000 to U+001F and U+007F to U+009F.
    private func isControl(_ position: Int) -> Bool {
        switch path[position] {
        case 0..<0x20, 0x7F: true
        case 0xC2: position + 1 < path.count && path[position + 1] < 0xA0
        default: false
        }
    }
}
