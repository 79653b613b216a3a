package import Backups

/// Everything that a database defines, in one snapshot: all that pg_dump dumps, except rows.
package struct CatalogSnapshot: Sendable {
    package let serverMajor: Int
    /// Sorted, each kind and identity once.
    package let objects: [CatalogObject]
    package let sequences: [TableName: SequencePosition]
    package let largeObjects: UInt64

    package init(
        serverMajor: Int, objects: [CatalogObject], sequences: [TableName: SequencePosition] = [:],
        largeObjects: UInt64 = 0
    ) {
        self.serverMajor = serverMajor
        self.objects = objects.sorted()
        self.sequences = sequences
        self.largeObjects = largeObjects
    }

    /// Reads the catalogs through `connection`.
    ///
    /// Inside an open transaction it reads that transaction's snapshot; otherwise a read-only one of its own. Sequences
    /// keep no snapshot: their positions are those of the moment.
    /// - Parameter limits: for production; `nil` in scratch, where nobody waits, and in a transaction that has its own.
    /// - Throws: ``Obstacle`` `permission-denied` when the role may not read something, `version-difference` for a server
    ///   before 10.
    package static func read(_ connection: Connection, limits: ReadLimits? = nil) throws -> CatalogSnapshot {
        guard connection.serverMajor >= 10 else {
            throw Obstacle(
                .versionDifference, "the server is PostgreSQL \(connection.parameterStatus("server_version") ?? "?")",
                hint: "restorable reads the catalogs of PostgreSQL 10 and later.")
        }
        return try ReadOnlyTransaction.run(on: connection) {
            try limits?.apply(to: connection)
            try PinnedSettings.apply(to: connection)
            var objects: [CatalogObject] = []
            for query in CatalogQuery.all(major: connection.serverMajor) {
                try append(query, from: connection, to: &objects)
            }
            return CatalogSnapshot(
                serverMajor: connection.serverMajor, objects: objects,
                sequences: try SequencePositions.read(connection), largeObjects: try largeObjects(connection))
        }
    }

    private static func append(
        _ query: CatalogQuery, from connection: Connection, to objects: inout [CatalogObject]
    ) throws {
        let result = try connection.reading("the catalog", query.sql)
        for row in result.rows {
            guard let kind = result.text(row, 0).flatMap({ CatalogKind(rawValue: $0) }),
                let identity = result.text(row, 1)
            else {
                throw Obstacle(
                    .internalError, "the catalog has an object without a name: \(result.text(row, 0) ?? "?")")
            }
            objects.append(CatalogObject(kind: kind, identity: identity, definition: result.text(row, 2) ?? ""))
        }
    }

    private static func largeObjects(_ connection: Connection) throws -> UInt64 {
        let result = try connection.reading("large objects", "SELECT count(*) FROM pg_catalog.pg_largeobject_metadata")
        return result.integer(0, 0).map { UInt64(clamping: $0) } ?? 0
    }
}
