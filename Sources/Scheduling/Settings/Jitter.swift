internal import Backups

/// Puts off the start of a turn by an amount that is always the same for a database, so that a thousand of them with
/// the same schedule do not start in the same second, and each can still be expected.
///
/// The amount is `fraction × min(jitter, interval / 10)`: of a turn that is due by the clock or for the first time, the
/// interval is the time to the next one; of one that waits for its window, the length of the window. A turn after a
/// backup is not put off: backups spread it.
package enum Jitter {
    /// Most, where the configuration does not say.
    package static let standard = Duration.seconds(900)

    /// From 0 to below 1, evenly over names. FNV-1a with 64 bits (Fowler, Noll, Vo), whose upper bits are
    /// mixed by the finaliser of SplitMix64: names that differ in their last letter only are else close together.
    package static func fraction(of name: String) -> Double {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((hash ^ hash >> 31) >> 11) / Double(UInt64(1) << 53)
    }

    /// Whole seconds.
    static func delay(_ fraction: Double, most: Duration, interval seconds: Double) -> Int64 {
        Int64(fraction * max(0, min(most.totalSeconds, seconds / 10)))
    }
}
