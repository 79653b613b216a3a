import Backups
import History
import Logging
import Processes
import Settings
import Synchronization
import TestSupport
import Testing
import Verification

@testable import Daemon

/// What the configuration says of a verification reaches it.
@Suite struct ConfiguredRunTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func configuration(_ scratch: String, _ keys: String = "") throws -> Configuration {
        try Configuration.parse(
            """
            history: \(directory.file("history.sqlite"))
            scratch: { \(scratch) }
            databases: [{ name: shop, backups: { location: /b, minimum_size: 1KiB, globals: g.sql }\(keys) }]
            """, file: "test.yml")
    }

    private func request(_ scratch: String, _ keys: String = "") throws -> VerificationRequest {
        let configuration = try configuration(scratch, keys)
        return try configuration.databases[0].request(for: UnwrittenTests.backup(1), scratch: configuration.scratch)
    }

    @Test func whatIsWrittenIsAskedFor() throws {
        let request = try request(
            "directory: /s, memory: 1GiB, max_disk: 2GiB, jobs: 3, user: nobody, profile: durable, deadline: 6h, nice: 7",
            """
            , extensions: { ignore: [pg_cron], preload: [timescaledb] }, rows: { minimum: { public.users: 5 } },
            allow_empty: true, objectives: { rto: 1h, rpo: 2h }
            """)
        #expect(request.minimumSize == 1024 && request.globals == "/b/g.sql" && request.allowsEmpty)
        let restore = request.restore
        #expect(restore.directory == "/s" && restore.memory == 1 << 30 && restore.maximumDisk == 2 << 30)
        #expect(restore.jobs == 3 && restore.user == "nobody" && restore.profile == .durable && restore.niceness == 7)
        #expect(restore.deadline == .seconds(6 * 3600))
        #expect(restore.ignoredExtensions == ["pg_cron"] && restore.preload == ["timescaledb"])
        #expect(request.proof.minimumRows == [TableName(schema: "public", name: "users"): 5])
        #expect(request.objectives.rto == .seconds(3600) && request.objectives.rpo == .seconds(7200))
    }

    /// Nobody has to think of it: what hangs would hold up all others for good.
    @Test func aDeadlineIsAlwaysThere() throws {
        #expect(try request("jobs: 1").restore.deadline == .seconds(86_400))
    }

    @Test func whatHangsIsEndedAndTheNextIsVerified() throws {
        let configuration = try configuration("deadline: 1s")
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try SQLiteHistory.open(path: configuration.daemon.history, now: .now()).0
        let events = BlockingQueue<DaemonEvent>()
        let backups = [UnwrittenTests.backup(2), UnwrittenTests.backup(1)]
        let turn = VerificationTurn(
            database: configuration.databases[0], scratch: configuration.scratch, backups: backups,
            history: HistoryKeeper(store, log: log), events: events, cancellation: Cancellation(),
            verify: { request, cancellation, _ in
                let backup = backups.first { $0.identity.path == request.backup } ?? backups[0]
                guard backup == backups[0] else { return UnwrittenTests.report(backup, .verified, at: .now()) }
                let ended = SignalledOnce<Bool>()
                _ = cancellation.onCancel { ended.set(true) }
                _ = ended.wait()
                let cause = cancellation.obstacle ?? Obstacle(.internalError, "it was ended without a cause")
                return .unmade("shop", backup, cause, at: .now())
            }, clock: { .now() }, log: log)
        turn.run()
        var reasons: [Reason?] = []
        while case .verified(let end)? = events.next(for: .seconds(60)) { reasons.append(end.report.conclusion.reason) }
        #expect(reasons == [.deadlineExceeded, nil])
    }

    /// What a verification does itself, and the programs that it starts, let others go first; what writes the history does
    /// not.
    @Test(arguments: [0, 7]) func whatRunsInTheDaemonLetsOthersGoFirst(niceness: Int) throws {
        let configuration = try configuration("nice: \(niceness)")
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try SQLiteHistory.open(path: configuration.daemon.history, now: .now()).0
        let seen = Mutex<[String]>([])
        @Sendable func look() -> [String] {
            let children = ["/usr/bin/nice", "/usr/bin/ionice"].map { program in
                (try? ChildProcess.run(Command(program)))?.outputText ?? "\(program) did not run"
            }
            return ["\(YieldingThread.niceness)"] + children.map { $0.filter { !$0.isNewline } }
        }
        let before = look()
        let turn = VerificationTurn(
            database: configuration.databases[0], scratch: configuration.scratch, backups: [UnwrittenTests.backup(1)],
            history: HistoryKeeper(store, log: log), events: BlockingQueue(), cancellation: Cancellation(),
            verify: { _, _, _ in
                // Of a thread that it starts, as those are that read and load.
                let answer = SignalledOnce<[String]>()
                DetachedThread.start(named: "worker") { answer.set(look()) }
                seen.withLock { $0 = answer.wait() }
                return UnwrittenTests.report(UnwrittenTests.backup(1), .verified, at: .now())
            }, clock: { .now() }, log: log)
        turn.run()
        let base = try #require(Int(before[1]), "\(before)")
        #expect(look() == before)
        let nice = min(19, base + niceness)
        let own = try #require(Int(before[0])) + nice - base
        let expected = niceness == 0 ? before : ["\(own)", "\(nice)", "idle"]
        #expect(seen.withLock { $0 } == expected)
    }
}
