/// Tolerances as people write them.
package enum Fraction {
    package static let expectation = "a share such as 0.1% or 0.001"

    /// `0.1%` and `0.001` are the same.
    /// - Returns: 0 to 1; `nil` for anything else.
    package static func parse(_ text: some StringProtocol) -> Double? {
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? text.dropLast() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }),
            let number = Double(String(digits))
        else { return nil }
        let value = isPercent ? number / 100 : number
        return (0...1).contains(value) ? value : nil
    }
}
