/// Sizes as people write them on the command line and in the configuration.
package enum ByteSize {
    /// What ``parse(_:)`` takes, for messages.
    package static let expectation = "a size such as 512MiB, 20GiB or 1GB"

    /// `1024`, `512B`, `64KiB`, `512MiB`, `20GiB`, `1TiB` (powers of 1024) and `1kB`, `1MB`, `1GB`, `1TB` (powers of 1000).
    /// - Returns: bytes; `nil` for anything else.
    package static func parse(_ text: some StringProtocol) -> UInt64? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        var unit = text.dropFirst(digits.count)
        if unit.first == " " { unit = unit.dropFirst() }
        guard let number = UInt64(digits), let factor = factor(of: String(unit)) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private static func factor(of unit: String) -> UInt64? {
        switch unit {
        case "", "B": 1
        case "KiB": 1 << 10
        case "MiB": 1 << 20
        case "GiB": 1 << 30
        case "TiB": 1 << 40
        case "kB", "KB": 1000
        case "MB": 1_000_000
        case "GB": 1_000_000_000
        case "TB": 1_000_000_000_000
        default: nil
        }
    }
}
