/// One of the five fields of a cron expression: what may stand in it, and how it is read.
enum CronField: String, Sendable, CaseIterable {
    case minute
    case hour
    case dayOfMonth = "day of month"
    case month
    case dayOfWeek = "day of week"

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// For messages.
    var allowed: String {
        let numbers = "\(range.lowerBound)-\(range.upperBound)"
        return switch self {
        case .month: "\(numbers) or jan-dec"
        case .dayOfWeek: "\(numbers) (0 and 7 are Sunday) or sun-sat"
        default: numbers
        }
    }

    /// What the field allows, a bit for each value; Sunday is bit 0 only.
    func mask(_ text: Substring) throws -> UInt64 {
        var mask: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            for value in try values(part) { mask |= 1 << UInt64(self == .dayOfWeek ? value % 7 : value) }
        }
        return mask
    }

    private func values(_ part: Substring) throws -> StrideTo<Int> {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let bounds = try bounds(halves[0])
        guard halves.count == 2 else { return stride(from: bounds.lowerBound, to: bounds.upperBound + 1, by: 1) }
        guard halves[0] == "*" || halves[0].contains("-") else {
            throw problem("a step needs a range, such as \(halves[0])-\(range.upperBound)/\(halves[1])", in: part)
        }
        guard let step = number(halves[1]), (1...range.upperBound).contains(step) else {
            throw problem("a step is a number from 1 to \(range.upperBound)", in: part)
        }
        return stride(from: bounds.lowerBound, to: bounds.upperBound + 1, by: step)
    }

    private func bounds(_ text: Substring) throws -> ClosedRange<Int> {
        // Sunday is 0 or 7; a star counts it once, so that steps begin with it.
        if text == "*" { return self == .dayOfWeek ? 0...6 : range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0], in: text)
        guard ends.count == 2 else { return first...first }
        var last = try value(ends[1], in: text)
        if self == .dayOfWeek, last == 0, first > 0 { last = 7 }
        guard first <= last else {
            throw problem(
                "a range goes upwards; write \(first)-\(range.upperBound),\(range.lowerBound)-\(last)", in: text)
        }
        return first...last
    }

    private func value(_ text: Substring, in whole: Substring) throws -> Int {
        let names = self == .month ? Self.months : self == .dayOfWeek ? Self.weekdays : []
        if let index = names.firstIndex(of: text.lowercased()) { return index + range.lowerBound }
        guard let value = number(text), range.contains(value) else {
            throw problem("allowed are \(allowed), *, lists, ranges and steps", in: whole)
        }
        return value
    }

    /// Digits only, few of them: `Int(_:)` would take a sign.
    private func number(_ text: Substring) -> Int? {
        (1...3).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }

    private func problem(_ allowed: String, in text: Substring) -> ScheduleProblem {
        ScheduleProblem("the \(rawValue) \"\(text)\" is not understood: \(allowed)")
    }
}
