import Backups
import Collectors
import Exposition
import History
import Logging
import Processes
import Settings
import Synchronization
import TestSupport
import Testing
import Verification
import Web

@testable import Daemon

/// Drills as the daemon makes them, with a recovery that says what a test wants: turns, history and facts are its own.
@Suite struct DrillTurnTests {
    private let directory: TemporaryDirectory
    private let clock = SimulatedClock(SimulatedDay.beginning)

    init() throws { directory = try TemporaryDirectory() }

    private func configuration(_ drill: String = "{ schedule: '0 5 * * *', to: random }") throws -> Configuration {
        try Configuration.parse(
            """
            history: \(directory.file("history.sqlite"))
            databases:
              - name: shop
                backups: { location: /bases }
                wal_archive: { location: /wal }
                objectives: { rpo: 1h, rto: 1h }
                schedule: "0 4 1 1 *"
                jitter: 0s
                drill: \(drill)
            """, file: "test.yml")
    }

    /// - Parameter recover: the verdict of each drill.
    private func daemon(
        _ configuration: Configuration, on store: SQLiteHistory? = nil,
        _ recover: @escaping TurnPerformer.Recover
    ) throws -> Conductor {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try store ?? SQLiteHistory.open(path: configuration.daemon.history, now: clock.now).0
        let conductor = Conductor(
            configuration, events: BlockingQueue(), history: HistoryKeeper(store, log: log),
            board: FactsBoard(FleetFacts()), watch: { _ in }, load: { configuration },
            performer: TurnPerformer(
                start: { _ in Issue.record("a verification began") }, startDrill: { $0.run() }, recover: recover),
            clock: { [clock] in clock.now }, log: log)
        conductor.begin()
        return conductor
    }

    private static let base = CatalogBackup(
        identity: BackupIdentity(
            path: "/bases/one", sizeBytes: 5, modified: SimulatedDay.beginning.adding(minutes: -600)),
        completedAt: SimulatedDay.beginning.adding(minutes: -600))

    private func see(_ conductor: Conductor, archive: Result<WALArchiveReport.Window, Obstacle>?) {
        let look = CatalogLook(
            entry: "shop", problem: nil,
            databases: [DatabaseLook(database: "shop", facts: CatalogFacts(backups: [Self.base], expectedSize: nil))])
        conductor.events.append(.listed([look], seconds: 0))
        if let archive, let settings = conductor.configuration.databases[0].walArchive {
            let facts = archive.map {
                WALArchiveFacts(isUp: true, checkedAt: clock.now, verdict: .verified, window: $0)
            }
            conductor.events.append(.archived(ArchiveLook(settings: settings, facts: facts, seconds: 0)))
        }
        conductor.proceed(after: .zero)
        // What a drill that ran at once told.
        conductor.proceed(after: .zero)
    }

    private func shop(_ conductor: Conductor) throws -> DatabaseFacts {
        try #require(conductor.board.facts.databases.first { $0.name == "shop" })
    }

    private func metrics(_ conductor: Conductor) -> String {
        let body = conductor.board.page.body(in: ExpositionForm(accept: "text/plain", acceptEncoding: nil))
        return String(decoding: body.bytes, as: UTF8.self)
    }

    private static func report(_ request: DrillRequest, _ verdict: Verdict, at moment: Timestamp) -> VerificationReport
    {
        var report = VerificationReport(
            backup: BackupFacts(location: "/bases", name: "one"),
            conclusion: Conclusion(
                verdict: verdict, reason: verdict == .failed ? .walGap : nil, message: "it is \(verdict)", hint: nil,
                proof: .itself, provedThrough: nil, content: .proved),
            restore: RestoreFacts(seconds: 12.5, profile: .fast, bytes: 9), startedAt: moment, finishedAt: moment)
        var facts = DrillFacts(target: "\(request.target)", archive: request.archive, files: 3, bytes: 3 << 20)
        (facts.end, facts.timeline, facts.lastTransaction) = ("0/D00330", 1, SimulatedDay.beginning)
        (facts.replaySeconds, facts.promoteSeconds) = (0.5, 0.25)
        report.drill = facts
        return report
    }

    private var window: WALArchiveReport.Window {
        .init(
            start: Self.base.completedAt, end: SimulatedDay.beginning, newestCommit: SimulatedDay.beginning)
    }

    @Test func aDrillIsMadeShownAndKept() throws {
        let configuration = try configuration()
        let asked = BlockingQueue<DrillRequest>()
        let recover: TurnPerformer.Recover = { [clock] request, _, _ in
            asked.append(request)
            return Self.report(request, .verified, at: clock.now)
        }
        let conductor = try daemon(configuration, recover)
        see(conductor, archive: .success(window))
        let before = try shop(conductor)
        #expect(before.drill?.status == nil && before.drill?.target == "random" && before.drill?.since == clock.now)
        #expect(before.drill?.nextRun != nil && asked.next(for: .zero) == nil)
        #expect(metrics(conductor).contains(#"backup_drill_status{database="shop",status="never"} 1"#))

        clock.set(clock.now.adding(minutes: 24 * 60))
        see(conductor, archive: .success(window))
        let request = try #require(asked.next(for: .zero))
        #expect(request.base.backup == "/bases/one" && request.archive == "/wal")
        guard case .time(let point) = request.target else {
            Issue.record("\(request.target) is no time")
            return
        }
        #expect(point >= Self.base.completedAt && point < SimulatedDay.beginning)
        let facts = try shop(conductor)
        #expect(facts.drill?.status == .verified && facts.drill?.last?.facts.target == "\(request.target)")
        #expect(facts.drill?.isRunning == false && facts.drill?.lastVerified?.recoverySeconds == 12.5)
        // It says nothing of the backup.
        #expect(facts.verification.status == nil && facts.verification.recent == [] && facts.verification.runs == [:])
        let page = metrics(conductor)
        for line in [
            #"backup_drill_status{database="shop",status="verified"} 1"#,
            #"backup_drill_runs_total{database="shop",verdict="verified"} 1"#,
            #"backup_drill_duration_seconds{database="shop"} 12.5"#,
            #"backup_drill_replayed_bytes{database="shop"} 3145728"#,
            #"backup_drill_replay_duration_seconds{database="shop"} 0.5"#,
            #"backup_drill_promote_duration_seconds{database="shop"} 0.25"#,
            #"backup_verification_status{database="shop",status="never"} 1"#,
        ] { #expect(page.contains(line), "\(line)") }

        // Another daemon says the same.
        let next = try daemon(configuration, on: conductor.history.store as? SQLiteHistory, recover)
        see(next, archive: nil)
        #expect(try shop(next).drill?.last == facts.drill?.last && (try shop(next).drill?.status) == .verified)
        #expect(try shop(next).drill?.runs == [.verified: 1] && (try shop(next).drill?.since) == before.drill?.since)
        #expect(try shop(next).drill?.nextRun == facts.drill?.nextRun)
    }

    /// Nobody takes a failure back by not looking.
    @Test func aFailureStandsUntilOneIsVerified() throws {
        let wanted = Mutex(Verdict.inconclusive)
        let conductor = try daemon(try configuration()) { [clock] request, _, _ in
            Self.report(request, wanted.withLock { $0 }, at: clock.now)
        }
        var standing: [Verdict?] = []
        for verdict in [Verdict.verified, .failed, .inconclusive, .verified, .inconclusive] {
            wanted.withLock { $0 = verdict }
            clock.set(clock.now.adding(minutes: 24 * 60))
            see(conductor, archive: .success(window))
            standing.append(try shop(conductor).drill?.status)
        }
        #expect(standing == [.verified, .failed, .failed, .verified, .inconclusive])
        #expect(try shop(conductor).drill?.runs[.failed] == 1)
    }

    @Test func theArchiveIsWaitedFor() throws {
        let conductor = try daemon(try configuration()) { [clock] request, _, _ in
            Self.report(request, .verified, at: clock.now)
        }
        see(conductor, archive: nil)
        clock.set(clock.now.adding(minutes: 24 * 60))
        see(conductor, archive: nil)
        #expect(try shop(conductor).drill?.hindrance == .archiveUnknown)
        see(conductor, archive: .failure(Obstacle(.unreadable, "it can't be listed")))
        #expect(try shop(conductor).drill?.hindrance == .archiveDown(problem: "it can't be listed"))
        #expect(try shop(conductor).drill?.lastRun == nil)
        see(conductor, archive: .success(window))
        #expect(try shop(conductor).drill?.status == .verified && (try shop(conductor).drill?.hindrance) == nil)
    }

    /// By hand it comes when it is asked for, as a verification does.
    @Test func oneIsMadeWhenSomebodyAsks() throws {
        let made = Mutex(0)
        let conductor = try daemon(try configuration()) { [clock] request, _, _ in
            made.withLock { $0 += 1 }
            return Self.report(request, .verified, at: clock.now)
        }
        see(conductor, archive: .success(window))
        let answers = BlockingQueue<TurnAnswer>()
        for (name, kind) in [("shop", .drill), ("none", .drill)] as [(String, RunKind)] {
            conductor.events.append(.request(name, kind) { answers.append($0) })
        }
        conductor.proceed(after: .zero)
        #expect(answers.next(for: .zero) == .accepted && answers.next(for: .zero) == .unknownDatabase)
        conductor.proceed(after: .zero)
        let status = try shop(conductor).drill?.status
        #expect(made.withLock { $0 } == 1 && status == .verified)
        var plain = try configuration()
        plain.databases[0].drill = nil
        conductor.configuration = plain
        conductor.configure()
        #expect(conductor.request(.drill, of: "shop") == .refused("no drill is configured for it"))
        #expect(conductor.request(.verification, of: "shop") == .accepted)
    }

    @Test func aBaseBackupIsPhysical() throws {
        var settings = try configuration().databases[0]
        func kind(_ isBaseBackup: Bool?) -> String {
            var state = DatabaseState(settings: settings, entry: "shop", monitoredSince: clock.now)
            if let isBaseBackup {
                var backup = Self.base
                backup.isBaseBackup = isBaseBackup
                state.catalog = CatalogFacts(backups: [backup])
            }
            return state.kind
        }
        #expect(kind(nil) == "physical")
        settings.drill = nil
        #expect([nil, true, false].map { kind($0) } == ["logical", "physical", "logical"])
    }

    @Test func aTargetThatNoBaseBackupLiesBeforeIsTold() throws {
        let conductor = try daemon(try configuration("{ schedule: '0 5 * * *', to: '2001-01-01T00:00:00Z' }")) {
            request, _, _ in
            Issue.record("it was tried")
            return Self.report(request, .verified, at: SimulatedDay.beginning)
        }
        see(conductor, archive: .success(window))
        clock.set(clock.now.adding(minutes: 24 * 60))
        see(conductor, archive: .success(window))
        let drill = try #require(try shop(conductor).drill)
        #expect(drill.status == .inconclusive && drill.last?.reason == .targetNotReached)
        #expect(drill.last?.facts.target == "2001-01-01T00:00:00Z" && drill.last?.facts.archive == "/wal")
    }
}
