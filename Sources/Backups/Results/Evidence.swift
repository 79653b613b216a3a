/// All that a verification gathered before it says its verdict.
package struct Evidence: Sendable {
    /// In the order they were made.
    package var checks: [Check]
    /// The stages that had to be gone through, in order.
    package var planned: [Stage]
    /// The stage after which the run was asked to stop.
    package var until: Stage?
    /// The format carries a checksum of its content (gzip, xz, …), and it was compared.
    package var formatHasChecksum: Bool
    /// The manifest's SHA-256 was compared with the stored bytes, and is the same.
    package var digestMatchesManifest: Bool
    /// The stages that were compared with the manifest and equal it.
    package var equalToManifest: Set<Stage>
    /// The rows of every table lie where production's own counters say they must.
    package var isBounded: Bool
    /// Tables that a manifest holds which does not name all of the dump's; `nil` for any other, and without one.
    package var tablesInManifest: UInt64?
    /// For the sentence; `nil` until they are known.
    package var tables: UInt64?
    package var rows: UInt64?
    /// What a reader must know where a flipped letter would not be seen.
    package var unproved: String
    /// What a drill proved, for the sentence; `nil` for any other verification.
    package var drilled: String?
    /// Whether the rows were compared with those of the restored copy.
    package var isRestored: Bool

    package init(planned: [Stage], until: Stage? = nil) {
        checks = []
        self.planned = planned
        self.until = until
        formatHasChecksum = false
        digestMatchesManifest = false
        equalToManifest = []
        isBounded = false
        tablesInManifest = nil
        tables = nil
        rows = nil
        isRestored = false
        unproved =
            "this format carries no checksum of its content: a flipped letter in the data would not be seen. "
            + "A manifest (restorable dump, restorable manifest) closes this."
    }
}
