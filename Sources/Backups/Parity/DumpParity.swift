/// Rows of a dump against its manifest, where nothing could be restored that knows which partitions belong together.
///
/// Only what needs no such knowledge is compared: ``RowParity`` compares all of it after a restore.
package struct DumpParity: Sendable {
    /// As counted in the dump.
    package var dump: [TableName: UInt64]
    /// Tables whose rows can't be counted in the dump: nothing is said of them.
    package var uncounted: Set<TableName>
    /// As counted in the database, in the dump's own snapshot.
    package var manifest: [TableName: UInt64]

    package init(
        dump: [TableName: UInt64], uncounted: Set<TableName> = [], manifest: [TableName: UInt64]
    ) {
        self.dump = dump
        self.uncounted = uncounted
        self.manifest = manifest
    }

    package func check() -> Check {
        let name = "rows-in-dump"
        // A table that the manifest does not know may be the root of partitions: the rows of a table that has none of its
        // own in the dump may then have gone through it.
        let mayHaveRoots = (Set(dump.keys).union(uncounted)).contains { manifest[$0] == nil }
        let compared = manifest.filter {
            !uncounted.contains($0.key) && (dump[$0.key] != nil || !mayHaveRoots)
        }
        let differences = compared.filter { $0.value != dump[$0.key] ?? 0 }.sorted { $0.key < $1.key }.map {
            "\($0.key): \(Quantity.count($0.value)) expected, "
                + (dump[$0.key].map { "\(Quantity.count($0)) in the dump" } ?? "no data in the dump")
        }
        let tables = Quantity.count(UInt64(compared.count), "table")
        guard differences.isEmpty else {
            return .failed(
                name, in: .integrity, .rowsDiffer,
                "the dump holds other rows than the manifest says were there, in \(differences.count) of \(tables)",
                details: RowParity.bounded(differences))
        }
        return .verified(name, in: .integrity, "the dump holds the rows of \(tables) that the manifest says were there")
    }
}
