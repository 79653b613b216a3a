/// Hears how far a verification is. Called from several threads; must not block.
package protocol ProgressObserver: Sendable {
    /// `stage` begins; `total` is what `advance` counts towards, where that is known.
    func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit)
    /// `stage` has come to `completed` of its total (a level, not a step).
    func advance(_ stage: Stage, to completed: UInt64)
    func end(_ stage: Stage)
}

package enum ProgressUnit: Sendable {
    case bytes, rows, items
}

/// Hears everything and says nothing.
package struct SilentProgress: ProgressObserver {
    package init() {}
    package func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) {}
    package func advance(_ stage: Stage, to completed: UInt64) {}
    package func end(_ stage: Stage) {}
}
