/// How fast backups grow: the Theil–Sen slope, the median of the slopes of all pairs. Up to 29 % of the sizes may be
/// outliers without moving it far: Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968).
package enum GrowthRate {
    /// Backups that are looked at, at most: the pairs are their square.
    package static let window = 60

    /// - Parameter points: seconds and bytes of distinct backups, the oldest first.
    /// - Returns: bytes per second; `nil` without two backups at different times.
    package static func slope(_ points: [(seconds: Double, bytes: UInt64)]) -> Double? {
        let points = Array(points.suffix(window))
        var slopes: [Double] = []
        for (index, later) in points.enumerated() {
            for earlier in points[..<index] where later.seconds != earlier.seconds {
                slopes.append((Double(later.bytes) - Double(earlier.bytes)) / (later.seconds - earlier.seconds))
            }
        }
        return Median.of(slopes)
    }
}
