package import Backups

/// Holds a restored database against the manifest of its backup: schema, sequences, rows, and checksums where the manifest has them.
package struct ManifestProof: Sendable {
    package let manifest: Manifest
    package var tolerance: SchemaTolerance

    package init(_ manifest: Manifest, tolerance: SchemaTolerance = SchemaTolerance()) {
        self.manifest = manifest
        self.tolerance = tolerance
    }

    /// Whether the restored tables have to be counted with their checksums.
    package var wantsChecksums: Bool { manifest.checksumAlgorithm != nil }

    /// Schema and sequences. No checks for a manifest that knows neither (`origin: scan`).
    /// - Returns: the checks, and the tables whose definition differs.
    package func schemaChecks(_ restored: CatalogSnapshot) throws -> (checks: [Check], tables: Set<TableName>) {
        guard let schema = manifest.schema, let major = manifest.server.major else { return ([], []) }
        let difference = try SchemaDifference(schema, serverMajor: major, restored, tolerance: tolerance)
        let checks = [
            difference.check(against: "the manifest", meaning: .exact),
            SequenceParity.compare(manifest.sequences, restored: restored.sequences),
        ]
        let relations = Set(schema.objects.keys).union(restored.objects.map { $0.key.escapingControl() })
        return (checks, difference.tables(among: relations))
    }

    private var expectedChecksums: [TableName: String] {
        Dictionary(
            manifest.tables.compactMap { table in table.checksum.map { (table.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Tables whose content differs from what the manifest says.
    package func differingContent(_ restored: RowCount) -> Set<TableName> {
        guard wantsChecksums else { return [] }
        return ChecksumParity.differing(expected: expectedChecksums, found: restored.checksums)
    }

    /// Checksums; `nil` for a manifest without.
    package func checksumCheck(_ restored: RowCount) -> Check? {
        guard wantsChecksums else { return nil }
        return ChecksumParity.compare(
            expected: expectedChecksums, found: restored.checksums,
            largeObjects: (manifest.largeObjects?.checksum, restored.largeObjects?.checksum), reference: "the manifest")
    }
}
