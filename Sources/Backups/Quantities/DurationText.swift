/// Durations as people write them on the command line and in the configuration.
package enum DurationText {
    /// What ``parse(_:)`` takes, for messages.
    package static let expectation = "a duration such as 90s, 15m, 24h or 7d"

    /// `500ms`, `90s`, `15m`, `24h`, `7d`, `2w`, and sums like `1h30m`. Zero is written `0s`.
    /// - Returns: `nil` for anything else; a number without its unit is not a duration.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Int64(digits), let milliseconds = factor(of: unit) else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
            let (sum, carry) = total.addingReportingOverflow(product)
            guard !overflow, !carry else { return nil }
            total = sum
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return .milliseconds(total)
    }

    private static func factor(of unit: Substring) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m", "min": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        case "w": 604_800_000
        default: nil
        }
    }
}

extension Duration {
    /// As a number of seconds, for reports.
    package var totalSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
