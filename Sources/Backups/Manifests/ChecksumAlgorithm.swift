/// Names of the ways in which digests of a database's content and schema are made. A change in how they are made needs
/// a new name, so that two digests are only ever compared when they mean the same.
package enum ChecksumAlgorithm {
    /// Of a table: see `docs/decisions/0062-table-checksums.md`.
    package static let tables = "sum-sha256-rows-1"
    /// Of the schema: SHA-256 over the sorted canonical lines of its objects.
    package static let schema = "sha256-catalog-1"

    package static let known: Set<String> = [tables]
    package static let knownForSchemas: Set<String> = [schema]
}
