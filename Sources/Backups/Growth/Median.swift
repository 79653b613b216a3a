/// The value in the middle; of an even number of values, the mean of the two in the middle.
package enum Median {
    /// - Returns: `nil` of nothing.
    package static func of(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let ordered = values.sorted()
        let middle = ordered.count / 2
        if ordered.count.isMultiple(of: 2) { return (ordered[middle - 1] + ordered[middle]) / 2 }
        return ordered[middle]
    }
}
