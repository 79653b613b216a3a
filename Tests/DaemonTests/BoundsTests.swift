import Backups
import Exposition
import Glibc
import HTTPTypes
import History
import Logging
import PostgreSQL
import Processes
import Settings
import TestSupport
import Testing
import Verification

@testable import Daemon
@testable import Web

/// A backup that lost rows, of a production that went on: nothing but production's counters can tell, and the daemon says so
/// everywhere. All but the waiting for late reports is real.
@Suite(.serialized) struct BoundsTests {
    private let directory: TemporaryDirectory
    private let shop: TestDatabase
    private let history: SQLiteHistory
    private let board = FactsBoard(FleetFacts())
    private let conductor: Conductor
    private let pages: DaemonPages

    init() throws {
        directory = try TemporaryDirectory()
        shop = try TestServer.shared().createDatabase()
        try shop.run(
            """
            CREATE TABLE users (id int PRIMARY KEY, name text);
            CREATE TABLE orders (id bigserial PRIMARY KEY, note text);
            INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 1000) n;
            INSERT INTO orders (note) SELECT 'order ' || n FROM generate_series(1, 1000) n;
            SELECT pg_stat_force_next_flush();
            """)
        _ = try directory.write(Self.configuration(directory, shop), to: "restorable.yml")
        let load = { @Sendable [directory] in try Configuration.load(path: directory.file("restorable.yml")) }
        let configuration = try load()
        history = try SQLiteHistory.open(path: directory.file("history.sqlite"), now: .now()).0
        let (events, log) = (
            BlockingQueue<DaemonEvent>(), Logger(label: "t", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        conductor = Conductor(
            configuration, events: events, history: HistoryKeeper(history, log: log), board: board, watch: { _ in },
            load: load, performer: try Self.performer(), clock: { .now() }, log: log)
        pages = DaemonPages(
            board: board, history: history, reader: WorkThread(named: "reader"), events: events,
            security: SecurityReload(), log: log)
    }

    private static func configuration(_ directory: TemporaryDirectory, _ shop: TestDatabase) -> String {
        let databases = ["whole", "cut"].map { name in
            """
              - name: \(name)
                connection: "\(shop.conninfo)"
                backups: { location: \(directory.file(name)), match: "shop-{time:yyyyMMdd-HHmmss}.sql" }
                schedule: after_each_backup
            """
        }
        return "scratch: { directory: /var/tmp/restorable-test }\ndatabases:\n\(databases.joined(separator: "\n"))\n"
    }

    /// Real verifications, which do not wait for reports that come late: this production makes them at once.
    private static func performer() throws -> TurnPerformer {
        let program = try Tool.builtProgram("restorable")
        return TurnPerformer(verify: { asked, cancellation, log in
            var request = asked
            request.restore.program = program
            request.proof.bounds?.settling = BoundsParity.Settling(beforeSnapshot: .zero, afterCount: .zero)
            request.proof.bounds?.pause = { _, _ in }
            return DumpVerification(request, progress: SilentProgress(), cancellation: cancellation, log: log).run()
        })
    }

    /// Production is sampled, dumped and goes on; one of the two backups lost a hundred rows of one table.
    private func makeBackups() throws {
        var sample = try ProductionActivity().read(try Connection(ConnectionParameters(conninfo: shop.conninfo))).sample
        // As if taken so long ago that no doubt of the dump's time remains.
        sample.takenAt = Timestamp(seconds: sample.takenAt.seconds - BoundsParity.uncertainty - 60)
        let name = try Tool.run("date", ["-u", "+shop-%Y%m%d-%H%M%S.sql"]).outputText.filter { $0 != "\n" }
        for database in ["whole", "cut"] {
            // Nothing is kept of a database that nobody has configured.
            _ = try history.monitoredSince(database, now: sample.takenAt)
            try history.note(sample, of: database)
            mkdir(directory.file(database), 0o755)
        }
        let whole = try shop.dump(to: directory.file("whole/\(name)"))
        try shop.run(
            """
            INSERT INTO orders (note) SELECT 'new' FROM generate_series(1, 300); DELETE FROM orders WHERE id <= 100;
            UPDATE users SET name = 'changed' WHERE id < 50; SELECT pg_stat_force_next_flush();
            """)
        var lines = try TestFile.text(whole).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("COPY public.users ") })
        lines.removeSubrange((start + 1)...(start + 100))
        let cut = try directory.write(lines.joined(separator: "\n"), to: "cut/\(name)")
        // A file that was written to within the last minute is taken to be in progress.
        try Tool.run("touch", ["--date", "1 hour ago", whole, cut])
    }

    /// Until both are judged.
    private func verifyAll() throws {
        conductor.begin()
        var round = CatalogRound(clock: { .now() }, log: Logger(label: "t", factory: { _ in SwiftLogNoOpLogHandler() }))
        round.configure(try Configuration.load(path: directory.file("restorable.yml")).databases)
        conductor.events.append(.listed(round.look(), seconds: 0.01))
        let deadline = ContinuousClock.now + .seconds(90)
        while try ["whole", "cut"].contains(where: { try history.runs(of: $0, limit: 1).isEmpty }) {
            guard ContinuousClock.now < deadline else { throw TestFailure("the backups were not verified") }
            conductor.proceed(after: .milliseconds(100))
        }
    }

    private func get(_ target: String) async throws -> String {
        let answer = try await WebPages(source: pages, isGuarded: false, now: .now())
            .answer(to: Route.of(method: "GET", target: target), MetricsWish([:]))
        switch answer.body {
        case .json(let text), .html(let text), .text(let text): return text
        case .bytes(let bytes, _, _): return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test func rowsThatAreGoneAreToldEverywhere() async throws {
        try makeBackups()
        try verifyAll()
        let metrics = try await get("/metrics").split(separator: "\n").map(String.init)
        for line in [
            #"backup_verification_status{database="whole",status="verified"} 1"#,
            #"backup_verification_proof{database="whole",proof="bounds"} 1"#,
            #"backup_mismatched_tables{database="whole"} 0"#,
            #"backup_verification_status{database="cut",status="failed"} 1"#,
            #"backup_verification_status{database="cut",status="verified"} 0"#,
            #"backup_verification_proof{database="cut",proof="bounds"} 0"#,
            #"backup_mismatched_tables{database="cut"} 1"#,
        ] {
            #expect(metrics.contains(line), "\(line)\n\(metrics.filter { $0.contains("cut") }.joined(separator: "\n"))")
        }
        let runs = try await get("/api/v1/verifications?database=cut")
        #expect(runs.contains(#""verdict":"failed","reason":"rows-differ""#), "\(runs)")
        let id = try #require(try history.runs(of: "cut", limit: 1).first?.id.rawValue)
        let report = try await get("/api/v1/verifications/\(id)")
        // The dump agrees with itself: 900 rows in it, 900 restored. Production has 1,000, and never had fewer.
        #expect(report.contains(#""name":"public.users","dump_rows":900,"restored_rows":900,"reference_rows":1000"#))
        #expect(report.contains(#""name":"rows-bounds","verdict":"failed","reason":"rows-differ""#), "\(report)")
        let databases = try await get("/api/v1/databases")
        #expect(databases.contains(#""status":"failed""#) && databases.contains(#""status":"verified""#))
        #expect(databases.contains(#""mismatched_tables":1"#) && databases.contains(#""mismatched_tables":0"#))
        let status = try await get("/")
        #expect(status.contains("Would not come back"))
        let page = try await get("/verifications/\(id)")
        #expect(page.contains("public.users") && page.contains("rows-bounds"))
        let good = try #require(try history.runs(of: "whole", limit: 1).first?.id.rawValue)
        #expect(
            try await get("/verifications/\(good)").contains(
                "The rows lie where production's own counters say they must."))
    }
}
