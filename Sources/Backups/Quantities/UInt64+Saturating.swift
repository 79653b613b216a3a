extension UInt64 {
    /// The sum, or the largest number there is: sizes come from directories and stores, which may say anything.
    package func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
