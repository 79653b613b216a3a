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

    /// Schema and sequences. Empty for a manifest that knows neither (`origin: scan`).
    package func schemaChecks(_ restored: CatalogSnapshot) throws -> [Check] {
        guard let schema = manifest.schema, let major = manifest.server.major else { return [] }
        let difference = try SchemaDifference(schema, serverMajor: major, restored, tolerance: tolerance)
        return [
            difference.check(against: "the manifest", meaning: .exact),
            SequenceParity.compare(manifest.sequences, restored: restored.sequences),
        ]
    }

    /// Checksums; `nil` for a manifest without.
    package func checksumCheck(_ restored: RowCount) -> Check? {
        guard wantsChecksums else { return nil }
        let expected = Dictionary(
            manifest.tables.compactMap { table in table.checksum.map { (table.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        return ChecksumParity.compare(
            expected: expected, found: restored.checksums,
            largeObjects: (manifest.largeObjects?.checksum, restored.largeObjects?.checksum), reference: "the manifest")
    }
}
