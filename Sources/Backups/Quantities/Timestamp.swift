/// A moment in UTC, to the microsecond, in the Gregorian calendar without leap seconds (as POSIX counts).
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The first and the last second that can be written with four digits of the year, and so be read again.
    private static let written: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// - Parameter seconds: since 1970-01-01T00:00:00Z. What lies beyond the years 1 to 9999 becomes their first or last second.
    package init(seconds: Int64) {
        microseconds = min(max(seconds, Self.written.lowerBound), Self.written.upperBound) * 1_000_000
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    package var seconds: Int64 { microseconds.flooredQuotient(1_000_000) }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    package func seconds(since earlier: Timestamp) -> Double {
        let (difference, isBeyond) = microseconds.subtractingReportingOverflow(earlier.microseconds)
        return (isBeyond ? Double(microseconds) - Double(earlier.microseconds) : Double(difference)) / 1_000_000
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC to the whole second: `2026-11-20T02:00:07Z`.
    package var description: String {
        let (days, time) = (seconds.flooredQuotient(86_400), seconds.flooredRemainder(86_400))
        let date = CivilDate(daysSince1970: days)
        let clock = "\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock)Z"
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: Codable {
    /// Any text that ``init(_:)`` takes.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let parsed = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a time with its zone: \(text)")
        }
        self = parsed
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Int64 {
    /// Quotient rounded towards minus infinity, for a positive divisor.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// Remainder that is never negative, for a positive divisor.
    func flooredRemainder(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
