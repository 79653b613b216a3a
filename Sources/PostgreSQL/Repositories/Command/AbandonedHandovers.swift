/// What a killed look at the archive of a configured tool left in `TMPDIR`. `restorable gc` removes it.
package enum AbandonedHandovers {
    /// Removes directories of files that were being fetched, which no living process holds.
    /// - Returns: the paths that were removed.
    package static func collect() -> [String] { HandoverDirectory.collect(in: HandoverDirectory.parent) }
}
