import Backups
import PostgreSQL

/// Holds the restored schema against the manifest's and the live database's.
struct SchemaStage {
    struct Result {
        var checks: [Check] = []
        var isEqualToManifest = false
        /// Tables that the manifest defines otherwise.
        var differing: Set<TableName> = []
    }

    let proof: ManifestProof?
    let options: ProofOptions
    let restore: RestoreOptions
    let cancellation: Cancellation

    /// Whether there is anything to compare with.
    var isNeeded: Bool { proof?.manifest.schema != nil || options.against != nil }

    func run(_ copy: RestoredCopy) throws -> Result {
        guard let database = copy.onlyDatabase else {
            return Result(checks: [
                .inconclusive(
                    "schema", in: .schema, .unsupportedFormat,
                    "the backup holds several databases, and the reference is of one",
                    hint: "Compare a dump of one database.")
            ])
        }
        let restored = try CatalogSnapshot.read(try copy.server.connect(database: database.name))
        var result = Result()
        if let proof {
            let (checks, tables) = try proof.schemaChecks(restored)
            result.differing = Set(tables.map(database.qualified))
            result.checks += checks
            result.isEqualToManifest = !checks.isEmpty && checks.allSatisfy { $0.verdict == .verified }
        }
        if let against = options.against { result.checks.append(compare(restored, withLive: against)) }
        return result
    }

    /// What the manifest says stays told when production does not answer.
    private func compare(_ restored: CatalogSnapshot, withLive against: ConnectionParameters) -> Check {
        let name = "schema-live"
        do {
            let live = try CatalogSnapshot.read(
                try Connection(against, cancellation: cancellation), limits: .production)
            return SchemaDifference(live, restored, tolerance: restore.schemaTolerance)
                .check(name, against: "the live database", meaning: .live)
        } catch {
            return Check(error, in: .schema, named: name)
        }
    }
}
