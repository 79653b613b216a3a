/// How far the rows of a restored table may be from those of a live one that has moved on since.
package enum Drift: Sendable, Equatable {
    case rows(UInt64)
    /// Of the larger of the two counts, in millionths: 0.1 % is 1000.
    case share(millionths: UInt64)

    /// Nothing may differ: the live database stands still.
    package static let none = Drift.rows(0)

    package static let expectation = "a share such as 0.1%, or a number of rows"

    /// `0.1%`, `5%`, `100`.
    /// - Returns: `nil` for anything else, for more than 100 %, and for a share finer than a ten-thousandth of 1 %.
    package static func parse(_ text: some StringProtocol) -> Drift? {
        guard text.last == "%" else { return UInt64(text).map { .rows($0) } }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = UInt64(parts[0]), whole <= 100 else { return nil }
        var fraction: UInt64 = 0
        if parts.count == 2 {
            guard (1...4).contains(parts[1].count), parts[1].allSatisfy({ ("0"..."9").contains($0) }),
                let digits = UInt64(parts[1])
            else { return nil }
            fraction = (0..<(4 - parts[1].count)).reduce(digits) { value, _ in value * 10 }
        }
        let millionths = whole * 10_000 + fraction
        return millionths <= 1_000_000 ? .share(millionths: millionths) : nil
    }

    /// Rows by which two counts may differ. A share of a small table is at least one row, unless it is 0 %.
    package func allowance(restored: UInt64, live: UInt64) -> UInt64 {
        switch self {
        case .rows(let rows): return rows
        case .share(let millionths):
            guard millionths > 0 else { return 0 }
            let larger = max(restored, live)
            let (product, overflow) = larger.multipliedReportingOverflow(by: millionths)
            return max(1, overflow ? larger / 1_000_000 * millionths : product / 1_000_000)
        }
    }

    package func allows(restored: UInt64, live: UInt64) -> Bool {
        let distance = restored > live ? restored - live : live - restored
        return distance <= allowance(restored: restored, live: live)
    }
}

extension Drift: CustomStringConvertible {
    package var description: String {
        switch self {
        case .rows(let rows): return Quantity.count(rows, "row")
        case .share(let millionths):
            let (whole, rest) = (millionths / 10_000, millionths % 10_000)
            guard rest > 0 else { return "\(whole)%" }
            var digits = String(rest)
            digits = String(repeating: "0", count: 4 - digits.count) + digits
            while digits.last == "0" { digits.removeLast() }
            return "\(whole).\(digits)%"
        }
    }
}
