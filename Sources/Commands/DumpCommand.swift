import ArgumentParser
import Backups
import Glibc
import Locations
import PostgreSQL
import Processes

/// `restorable dump`.
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Makes a backup with pg_dump, and a manifest of what was there in the very same snapshot.",
        discussion: """
            CONNINFO is a libpq connection string; keep passwords in ~/.pgpass, a passfile= or a service=. LOCATION is a \
            directory, or the path of the backup in one; or s3://BUCKET/PREFIX/NAME, or rclone:REMOTE:PATH, to which the bytes go \
            as they come: with a slash at its end it is a directory. Nothing that could be taken for a backup is left when it fails.

            Examples:
              restorable dump 'service=shop' /var/backups/postgresql
              restorable dump 'service=shop' /var/backups/shop.dump --format custom
              restorable dump 'service=shop' s3://backups/postgres/

            \(RestorableCommand.exitStatusText)
            """)

    @Argument(help: "Connection string of the database.") var conninfo: String
    @Argument(help: "Directory or address to write to, or path of the backup.") var location: String

    @Option(help: "plain (SQL in gzip), custom or directory.")
    var format: DumpRequest.Format = .plain

    @Option(help: "pg_dump's --compress level.")
    var compress: Int?

    @Option(
        help: "Connections that count beside pg_dump, and pg_dump's own for a directory.", transform: ArgumentTypes.jobs
    )
    var jobs: Int = 2

    @Flag(help: "Content checksums of every table in the manifest: another full read of the database.")
    var checksums = false

    @Option(help: "bin directory of a PostgreSQL installation to look in first (repeatable).")
    var postgresqlBin: [String] = []

    @Option(help: "End everything after this time, as 2h.", transform: ArgumentTypes.duration)
    var deadline: Duration?

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let source = try ConnectionArgument.parse(conninfo, option: "CONNINFO")
        let outcome = try LongWork.run(named: "dump", deadline: deadline) { progress, cancellation in
            let request = try makeRequest(source, cancellation)
            return try DumpJob(
                request, environment: ProcessEnvironment.variables, progress: progress, cancellation: cancellation
            ).run()
        }
        StandardStream.output.write(json ? Self.json(outcome).text + "\n" : Self.text(outcome))
    }

    /// The pg_dump must be at least as new as the server, so that is asked first.
    private func makeRequest(_ source: ConnectionParameters, _ cancellation: Cancellation) throws -> DumpRequest {
        let connection = try Connection(source, cancellation: cancellation)
        let major = connection.serverMajor
        let database = connection.databaseName ?? "database"
        let pgDump = try findProgram(major)
        let (directory, name) = place(database)
        var request = DumpRequest(
            source: source, directory: AbsolutePath.of(directory), name: name, format: format,
            compression: compress, pgDump: pgDump, jobs: jobs, checksums: checksums)
        if isAddress { request.store = try KnownLocations.ofProcess.location(directory) }
        return request
    }

    private var isAddress: Bool { KnownLocations.isAddress(location) }

    /// In a directory the backup is called DATABASE-yyyyMMdd-HHmmss with what its format is called.
    private func place(_ database: String) -> (directory: String, name: String) {
        var status = stat()
        if isAddress {
            let isBucket = location.hasPrefix("s3://") && !location.dropFirst("s3://".count).contains("/")
            let end = location.lastIndex { $0 == "/" || $0 == ":" }
            guard let end, !isBucket, location.last != "/", location.last != ":" else {
                return (location, DumpRequest.name(database: database, at: .now(), format: format))
            }
            return (String(location[...end]), String(location[location.index(after: end)...]))
        }
        if stat(location, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            return (location, DumpRequest.name(database: database, at: .now(), format: format))
        }
        guard let slash = location.lastIndex(of: "/") else { return (".", location) }
        let directory = location[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(location[location.index(after: slash)...]))
    }

    /// Of the nearest version that is not older than the server.
    private func findProgram(_ serverMajor: Int) throws -> String {
        let usable = Installations.find(configured: postgresqlBin).all.filter { $0.major >= serverMajor }
        for installation in usable.reversed() {
            let path = "\(installation.bin)/pg_dump"
            if access(path, X_OK) == 0 { return path }
        }
        throw Obstacle(
            .toolMissing, "no pg_dump of PostgreSQL \(serverMajor) or later is installed on this machine",
            hint: "apt-get install postgresql-client-\(serverMajor), or name its directory with --postgresql-bin")
    }

    private static func text(_ outcome: DumpJob.Outcome) -> String {
        let manifest = outcome.manifest
        let rows = manifest.tables.reduce(0) { $0 + $1.rows }
        return """
            \(outcome.path)  \(Quantity.bytes(manifest.backup.size))
            \(outcome.manifestPath)  \(Quantity.count(UInt64(manifest.tables.count), "table")), \
            \(Quantity.count(rows, "row")), as of \(manifest.snapshotAt.map { "\($0)" } ?? "-")
            Prove it: restorable verify \(outcome.path)

            """
    }

    private static func json(_ outcome: DumpJob.Outcome) -> JSONValue {
        let manifest = outcome.manifest
        return .object([
            .init("backup", .string(outcome.path)), .init("manifest", .string(outcome.manifestPath)),
            .init("size_bytes", .unsigned(manifest.backup.size)),
            .init("sha256", .string(manifest.backup.sha256.description)),
            .init("data_as_of", .optional(manifest.snapshotAt)), .init("completed_at", .optional(manifest.completedAt)),
            .init("tables", .unsigned(UInt64(manifest.tables.count))),
            .init("rows", .unsigned(manifest.tables.reduce(0) { $0 + $1.rows })),
        ])
    }
}

extension DumpRequest.Format: ExpressibleByArgument {}
