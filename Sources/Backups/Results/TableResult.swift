/// The rows of one table, counted in up to three places.
package struct TableResult: Sendable, Equatable {
    package let name: TableName
    /// In the backup's own bytes; `nil` where its format does not show them before a restore.
    package let dumpRows: UInt64?
    /// In the restored copy; `nil` when it was not counted.
    package let restoredRows: UInt64?
    /// In the manifest, or in the live database it was compared with.
    package let referenceRows: UInt64?
    package let proof: Proof

    package init(
        name: TableName, dumpRows: UInt64?, restoredRows: UInt64?, referenceRows: UInt64?, proof: Proof
    ) {
        self.name = name
        self.dumpRows = dumpRows
        self.restoredRows = restoredRows
        self.referenceRows = referenceRows
        self.proof = proof
    }

    /// Two of the numbers that are known are not the same.
    package var differs: Bool {
        Set([dumpRows, restoredRows, referenceRows].compactMap(\.self)).count > 1
    }
}
