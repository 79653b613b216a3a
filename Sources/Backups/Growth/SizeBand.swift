/// Where the size of the newest backup is expected to lie, from the backups before it.
///
/// The band is median ± max(3 · 1.4826 · MAD, 10 % of the median) over the 14 newest distinct backups *before* the
/// newest; there is none with fewer than 5. 1.4826 makes the median absolute deviation comparable with a standard
/// deviation, and 3 of them is the customary cut: Leys et al., "Detecting outliers", J. Exp. Soc. Psych. 49 (2013) 764.
/// The newest is left out, since it would widen the very band it is held against; the floor of 10 % keeps sizes that
/// hardly vary from raising an alarm over nothing.
package enum SizeBand {
    /// Deviations to either side.
    package static let deviations = 3.0
    /// Least half width, as a part of the median.
    package static let leastPart = 0.1
    /// Backups that are looked at, at most.
    package static let window = 14
    /// Backups that are needed, at least.
    package static let needed = 5

    /// - Parameter sizes: bytes of distinct backups, the oldest first, the newest included.
    /// - Returns: the band in bytes, never below 0; `nil` before there are enough.
    package static func expected(_ sizes: [UInt64]) -> ClosedRange<Double>? {
        let earlier = sizes.dropLast().suffix(window).map { Double($0) }
        guard earlier.count >= needed, let middle = Median.of(earlier),
            let spread = Median.of(earlier.map { abs($0 - middle) })
        else { return nil }
        let half = max(deviations * 1.4826 * spread, leastPart * middle)
        return max(0, middle - half)...(middle + half)
    }

    /// How many of the newest in a row have the same size to the byte: 1 when the newest differs from the one before, 0
    /// when there is none.
    package static func identicalSizes(_ sizes: [UInt64]) -> Int {
        guard let newest = sizes.last else { return 0 }
        return sizes.reversed().prefix { $0 == newest }.count
    }
}
