import Backups
import PostgreSQL
import TestSupport
import Verification

/// A production database that was sampled, then dumped, and then went on working.
struct BusyProduction {
    static let rows = 10_000

    let server: TestServer
    let database: TestDatabase
    let directory: TemporaryDirectory
    let dump: String
    private let samples: [ProductionSample]
    private let dumpedAt: Timestamp

    /// Two tables of 10 000 rows, one that nobody writes to.
    /// - Parameter before: what the database is told before it is sampled.
    init(on server: TestServer, before: String = "") throws {
        self.server = server
        directory = try TemporaryDirectory()
        database = try server.createDatabase()
        try database.run(
            """
            CREATE TABLE orders (id bigserial PRIMARY KEY, note text);
            CREATE TABLE users (id int PRIMARY KEY, name text);
            INSERT INTO orders (note) SELECT 'order ' || n FROM generate_series(1, \(Self.rows)) n;
            INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, \(Self.rows)) n;
            \(before.replacing("DATABASE", with: "DATABASE \(database.name)")); \(Self.flush)
            """)
        var sample = try Self.sample(database)
        // As if taken so long ago that no doubt of the dump's time remains.
        sample.takenAt = Timestamp(seconds: sample.takenAt.seconds - BoundsParity.uncertainty - 60)
        samples = [sample]
        dumpedAt = .now()
        dump = try database.dump(to: directory.file("shop.sql"))
    }

    /// Reports at once what a session did.
    static let flush = "SELECT pg_stat_force_next_flush();"

    private static func sample(_ database: TestDatabase) throws -> ProductionSample {
        try ProductionActivity().read(try Connection(ConnectionParameters(conninfo: database.conninfo))).sample
    }

    /// Production goes on.
    func work(_ sql: String) throws { try database.run("\(sql);\n\(Self.flush)") }

    /// The dump without the lines of `table` from the `first` on; it still agrees with itself.
    func dumpWithout(_ count: Int, of table: String) throws -> String {
        var lines = try TestFile.text(dump).split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("COPY public.\(table) ") }) else {
            throw TestFailure("no rows of \(table) in the dump")
        }
        lines.removeSubrange((start + 1)...(start + count))
        return try directory.write(lines.joined(separator: "\n"), to: "cut.sql")
    }

    /// - Parameters:
    ///   - path: the dump, or what became of it.
    ///   - hasSamples: whether production was sampled before it was dumped.
    ///   - meanwhile: happens between the count and the last sample.
    func verify(
        _ path: String? = nil, user: String = TestServer.superuser, hasSamples: Bool = true,
        meanwhile: @escaping @Sendable () -> Void = {}, adjusting adjust: (inout BoundsSource) -> Void = { _ in }
    ) throws -> VerificationReport {
        var parameters = try ConnectionParameters(conninfo: database.conninfo)
        parameters.values["user"] = user
        var source = BoundsSource(connection: parameters) { [samples] _, visit in
            for sample in hasSamples ? samples : [] where try !visit(sample) { return }
        }
        source.settling = BoundsParity.Settling(beforeSnapshot: .zero, afterCount: .zero)
        source.attempts = 1
        source.pause = { _, _ in meanwhile() }
        adjust(&source)
        let program = try Tool.builtProgram("restorable")
        return DamageLab.verify(path ?? dump, until: nil) { request in
            request.namedTime = dumpedAt
            request.proof.bounds = source
            request.restore.directory = "/var/tmp/restorable-test"
            request.restore.program = program
            request.restore.postgresqlBin = [server.installation.bin]
        }
    }
}

extension VerificationReport {
    var bounds: Check? { checks.first { $0.name == BoundsParity.checkName } }

    func table(_ name: String) -> TableResult? { tables.first { $0.name.name == name } }

    /// For messages of tests.
    var story: String {
        "\(conclusion.verdict) \(conclusion.reason?.rawValue ?? "-"): \(conclusion.message)\n"
            + checks.map { "\($0.name) \($0.verdict): \($0.message) \($0.details)" }.joined(separator: "\n")
            + conclusion.notes.joined(separator: "\n")
    }
}
