extension Timestamp {
    /// Reads `2026-11-20T02:00:07Z`, `2026-11-20 02:00:07.123456+01:00`, `2026-11-20 02:00:07 UTC`: a date, a time and
    /// a zone that is certain. A zone known only by an abbreviation (`CET`) is not: the same letters mean several.
    /// - Returns: `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        var input = DigitCursor(text)
        guard let year = input.number(4), input.skip("-"), let month = input.number(2), input.skip("-"),
            let day = input.number(2), let date = CivilDate(year: year, month: month, day: day),
            input.skip("T") || input.skip(" "),
            let hour = input.number(2), hour < 24, input.skip(":"), let minute = input.number(2),
            minute < 60
        else { return nil }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if input.skip(":") {
            guard let value = input.number(2), value <= 60 else { return nil }
            second = value
            if input.skip(".") {
                guard let value = input.fraction(digits: 6) else { return nil }
                fraction = value
            }
        }
        guard let offset = input.zoneOffset(), input.isAtEnd else { return nil }
        let total = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: total * 1_000_000 + fraction)
    }
}

/// Walks over ASCII text.
private struct DigitCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ width: Int) -> Int64? {
        guard position + width <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += width
        return value
    }

    /// At least one digit after a point, as a whole number of 10^-`digits`; further digits are dropped.
    mutating func fraction(digits: Int) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = number(1) {
            if count < digits { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, digits)..<digits { value *= 10 }
        return value
    }

    /// Seconds east of UTC.
    mutating func zoneOffset() -> Int64? {
        if skip("Z") { return 0 }
        _ = skip(" ")
        let rest = String(decoding: bytes[position...], as: UTF8.self)
        if rest == "UTC" || rest == "GMT" {
            position = bytes.count
            return 0
        }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if !isAtEnd {
            _ = skip(":")
            guard let value = number(2), value < 60 else { return nil }
            minutes = value
        }
        let offset = hours * 3600 + minutes * 60
        return isWest ? -offset : offset
    }
}
