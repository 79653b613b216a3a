/// What a recovery was handed from an archive, and how long it waited for it.
package struct SupplyTally: Sendable, Equatable {
    package var segments: UInt64 = 0
    /// Of their content.
    package var bytes: UInt64 = 0
    /// In which recovery stood still.
    package var waited = Duration.zero

    package init() {}
}
