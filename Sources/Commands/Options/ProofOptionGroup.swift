import ArgumentParser
import Backups
import PostgreSQL
import Verification

/// Options that say what a restored copy is held against.
struct ProofOptionGroup: ParsableArguments {
    @Option(help: "Compare with this live database, read only: a libpq connection string. Use service= or passfile=.")
    var against: String?

    @Option(
        help: "How far the live database may have moved on: 0.1% or a number of rows.", transform: ArgumentTypes.drift)
    var drift: Drift?

    @Option(help: "Hold the backup against this manifest; found beside it by itself.")
    var manifest: String?

    @Flag(help: "Compare content checksums of every table with the manifest or the live database.")
    var checksums = false

    @Option(
        help: "TABLE.COLUMN whose newest value must not be older than --rpo before the backup (repeatable).",
        transform: ArgumentTypes.freshness)
    var fresh: [ProofOptions.FreshnessRule] = []

    @Option(help: "NAME=SQL that must return true in the restored copy (repeatable).", transform: Self.query)
    var query: [CustomQuery] = []

    @Option(help: "The database that is asked, where the backup holds several.")
    var dbname: String?

    @Flag(help: "Do not look for broken tables and indexes of a base backup with pg_amcheck, which reads all of them.")
    var skipAmcheck = false

    @Option(help: "Most data one may lose, as 24h.", transform: ArgumentTypes.duration)
    var rpo: Duration?

    @Option(help: "Longest restore, as 1h.", transform: ArgumentTypes.duration)
    var rto: Duration?

    @Flag(help: "A backup without tables or rows is as it should be.")
    var allowEmpty = false

    /// Options that were given and mean nothing for a base backup.
    var askedOfDump: [String] {
        (against == nil ? [] : ["--against"]) + (drift == nil ? [] : ["--drift"]) + (checksums ? ["--checksums"] : [])
    }

    func validate() throws {
        if drift != nil, against == nil { throw ValidationError("--drift needs --against") }
        if !fresh.isEmpty, rpo == nil { throw ValidationError("--fresh needs --rpo: how old may the newest value be?") }
    }

    private static func query(_ text: String) throws -> CustomQuery {
        // SQL without a name has an equals sign, too: what stands before it must look like a name.
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex,
            text[..<equals].allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
        else {
            throw ValidationError("\"\(text)\" is not NAME=SQL, as many='SELECT count(*) > 0 FROM orders'")
        }
        return CustomQuery(name: String(text[..<equals]), sql: String(text[text.index(after: equals)...]))
    }
}
