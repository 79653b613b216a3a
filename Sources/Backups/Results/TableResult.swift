/// The rows of one table, counted in up to three places.
package struct TableResult: Sendable, Equatable {
    package let name: TableName
    /// In the backup's own bytes; `nil` where its format does not show them before a restore.
    package let dumpRows: UInt64?
    /// In the restored copy; `nil` when it was not counted.
    package let restoredRows: UInt64?
    /// In the manifest, or in the live database it was compared with.
    package let referenceRows: UInt64?
    /// Where production's own counters say that the restored rows must lie; `referenceRows` is then production's count.
    package let bounds: ClosedRange<UInt64>?
    package let proof: Proof

    package init(
        name: TableName, dumpRows: UInt64?, restoredRows: UInt64?, referenceRows: UInt64?,
        bounds: ClosedRange<UInt64>? = nil, proof: Proof
    ) {
        self.name = name
        self.dumpRows = dumpRows
        self.restoredRows = restoredRows
        self.referenceRows = referenceRows
        self.bounds = bounds
        self.proof = proof
    }

    /// The proof, and what it rests on: `bounds (9,900 to 10,100)`.
    package var proofText: String {
        guard let bounds else { return proof.rawValue }
        return "\(proof.rawValue) (\(Quantity.count(bounds.lowerBound)) to \(Quantity.count(bounds.upperBound)))"
    }

    /// Two of the numbers that are known are not the same; a reference that moved on is held against its bounds.
    package var differs: Bool {
        guard let bounds else { return Set([dumpRows, restoredRows, referenceRows].compactMap(\.self)).count > 1 }
        return Set([dumpRows, restoredRows].compactMap(\.self)).count > 1 || !bounds.contains(restoredRows ?? 0)
    }
}
