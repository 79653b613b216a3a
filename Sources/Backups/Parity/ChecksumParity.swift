/// Content checksums of restored tables against those of a manifest, or of another database.
package enum ChecksumParity {
    package static let name = "checksums"

    /// Tables whose checksum is another one than it should be. One that has none says nothing.
    package static func differing(expected: [TableName: String], found: [TableName: String]) -> Set<TableName> {
        Set(expected.filter { table, checksum in found[table].map { $0 != checksum } ?? false }.keys)
    }

    package static func compare(
        expected: [TableName: String], found: [TableName: String], largeObjects: (expected: String?, found: String?),
        reference: String
    ) -> Check {
        var differences: [String] = []
        var unmade: [String] = []
        for (table, checksum) in expected.sorted(by: { $0.key < $1.key }) {
            switch found[table] {
            case checksum?: break
            case nil: unmade.append("\(table): no checksum could be made of the restored table")
            case _?: differences.append("\(table): the content differs")
            }
        }
        if let checksum = largeObjects.expected, checksum != largeObjects.found {
            differences.append("large objects: the content differs")
        }
        let tables = Quantity.count(UInt64(expected.count), "table")
        guard differences.isEmpty else {
            return .failed(
                name, in: .checksums, .checksumsDiffer,
                "the content of \(differences.count) of \(tables) differs from \(reference)",
                details: RowParity.bounded(differences))
        }
        guard unmade.isEmpty else {
            return .inconclusive(
                name, in: .checksums, .queryError, "\(unmade.count) of \(tables) have no checksum to compare",
                details: RowParity.bounded(unmade))
        }
        guard !expected.isEmpty else {
            return .inconclusive(name, in: .checksums, .empty, "\(reference) has no checksums")
        }
        return .verified(name, in: .checksums, "the content of \(tables) equals \(reference)")
    }
}
