extension AnnualClockRule {
    /// Reads a POSIX `TZ` string: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+03>-3`.
    /// - Returns: `nil` for anything else, a daylight-saving time without its rule included.
    init?(_ text: some StringProtocol) {
        var input = RuleCursor(text)
        guard input.skipName(), let west = input.clock(hours: 24) else { return nil }
        standardOffset = -west
        if input.isAtEnd {
            daylight = nil
            return
        }
        guard input.skipName() else { return nil }
        let ahead = input.isAt(",") ? standardOffset + 3600 : input.clock(hours: 24).map { -$0 }
        guard let ahead, input.skip(","), let begin = input.change(), input.skip(","), let end = input.change(),
            input.isAtEnd
        else { return nil }
        daylight = Daylight(offset: ahead, begin: begin, end: end)
    }
}

private struct RuleCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: character)
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    /// `CEST`, or `<+03>`: three letters at least.
    mutating func skipName() -> Bool {
        let isQuoted = skip("<")
        let start = position
        while position < bytes.count, Self.isOfName(bytes[position], quoted: isQuoted) { position += 1 }
        return position - start >= 3 && (!isQuoted || skip(">"))
    }

    private static func isOfName(_ byte: UInt8, quoted: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): quoted
        default: false
        }
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        var value: Int64 = 0
        let start = position
        while position < bytes.count, position - start < 3,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
        {
            value = value * 10 + Int64(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
        return position > start && range.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func clock(hours: Int64) -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard var total = number(0...hours).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] as [Int64] where skip(":") {
            guard let part = number(0...59) else { return nil }
            total += part * unit
        }
        return isNegative ? -total : total
    }

    mutating func change() -> AnnualClockRule.Change? {
        guard let day = day() else { return nil }
        guard skip("/") else { return AnnualClockRule.Change(day: day, second: 7200) }
        return clock(hours: 167).map { AnnualClockRule.Change(day: day, second: $0) }
    }

    private mutating func day() -> AnnualClockRule.Day? {
        if skip("J") { return number(1...365).map { .withoutLeapDay($0) } }
        guard skip("M") else { return number(0...365).map { .ofYear($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
