extension [UInt8] {
    /// Appends a number as Go's `strconv.ParseFloat`, which Prometheus uses, reads it back to the same value: whole ones
    /// as digits, without exponent or fraction, up to 2^53, from where not every whole number is one; others by the
    /// fewest digits that tell them from their neighbours.
    mutating func append(number value: Double) {
        guard value.magnitude <= 0x1p53, let whole = Int64(exactly: value) else {
            append(contentsOf: Self.text(ofFraction: value).utf8)
            return
        }
        if whole < 0 { append(UInt8(ascii: "-")) }
        append(digitsOf: whole.magnitude)
    }

    private mutating func append(digitsOf number: UInt64) {
        // 20 digits are the most that 64 bits give.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = digits.count
            var rest = number
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: digits[first...])
        }
    }

    private static func text(ofFraction value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value.isNaN ? "NaN" : value.description
    }
}
