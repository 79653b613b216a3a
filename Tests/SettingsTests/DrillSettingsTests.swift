import Backups
import Scheduling
import Testing

@testable import Settings

@Suite struct DrillSettingsTests {
    private let references = ReferenceSource(environment: { _ in nil }, file: { _ in nil })

    /// - Parameters:
    ///   - drill: the section, as it stands in braces.
    ///   - more: other keys of the database.
    private func text(_ drill: String, _ more: String = "wal_archive: {location: /w}", name: String = "a") -> String {
        """
        timezone: Europe/Berlin
        databases:
          - name: "\(name)"
            backups: { location: /b, match: "{time:yyyyMMdd}-\(name == "a" ? "base" : "{database}")" }
            \(more)
            drill: \(drill)
        """
    }

    private func drill(_ text: String) throws -> DrillSettings? {
        try Configuration.parse(text, file: "test.yml", references: references).databases.first?.drill
    }

    private func problems(_ text: String) -> String {
        do {
            _ = try Configuration.parse(text, file: "test.yml", references: references)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func everyKeyIsRead() throws {
        let drill = try #require(
            try drill(
                text(
                    """
                    { schedule: "0 5 * * 6", every: 10d, to: random, database: shop, amcheck: false, deadline: 12h, timeline: 3,
                      queries: [{ name: some, sql: "select true" }], freshness: [{ table: orders, column: at }] }
                    """,
                    "wal_archive: {location: /w}\n    objectives: {rpo: 1h}\n    window: 22:00-06:00\n    suspend: true"
                )))
        #expect(drill.schedule.trigger == .cron(try CronExpression("0 5 * * 6")))
        // What a drill does not say of its turns is as for verifications.
        #expect(drill.schedule.window == (try DailyWindow("22:00-06:00")) && drill.schedule.isSuspended)
        #expect(drill.schedule.zone == (try TimeZoneRules(named: "Europe/Berlin")))
        #expect(drill.every == .seconds(10 * 86_400) && drill.target == .random && drill.database == "shop")
        #expect(!drill.looksForBrokenStructures && drill.queries == [QuerySettings(name: "some", sql: "select true")])
        #expect(drill.freshness.map(\.column) == ["at"] && drill.deadline == .seconds(12 * 3600))
        #expect(drill.timeline == 3)
    }

    @Test func whatIsLeftOutHasADefault() throws {
        let drill = try #require(try drill(text("{}")))
        #expect(drill.schedule.trigger == .every(.seconds(7 * 86_400)) && drill.every == .seconds(7 * 86_400))
        // A drill takes as long as a verification may, where nobody says more.
        var scratch = ScratchSettings()
        #expect(drill.deadline == nil && drill.deadline(beside: scratch) == .seconds(86_400))
        scratch.deadline = .seconds(60)
        #expect(drill.deadline(beside: scratch) == .seconds(60))
        #expect(drill.target == .fixed(.latest) && drill.looksForBrokenStructures && drill.database == nil)
        #expect(try self.drill(text("{ every: 2d }"))?.schedule.trigger == .every(.seconds(2 * 86_400)))
        // A verified drill is not due more often than drills come.
        #expect(try self.drill(text("{ schedule: '@monthly' }"))?.every == .seconds(31 * 86_400))
        #expect(try self.drill(text("")) == nil)
        #expect(
            try self.drill(text("{}", "schedule: after_each_backup\n    wal_archive: {location: /w}"))?.every != nil)
    }

    @Test(arguments: [
        ("latest", "latest"), ("immediate", "immediate"), ("random", "random"), ("lsn:16/B374D848", "lsn:16/B374D848"),
        ("xid:7412", "xid:7412"), ("name:before", "name:before"),
        ("2026-11-20T02:00:07+01:00", "2026-11-20T01:00:07Z"),
    ])
    func aTargetIsAsOnTheCommandLine(written: String, target: String) throws {
        #expect(try drill(text("{ to: \"\(written)\" }"))?.target.description == target)
    }

    /// Each beside the same without the mistake; the place is that of the value.
    @Test(arguments: [
        ("{ to: soon }", "{ to: latest }", "test.yml:6:18: databases[0].drill.to: soon is no target"),
        ("{ to: '2026-11-20 02:00' }", "{ to: '2026-11-20T02:00:00Z' }", "test.yml:6:18: databases[0].drill.to: "),
        ("{ schedule: often }", "{ schedule: '@daily' }", "test.yml:6:24: databases[0].drill.schedule: "),
        (
            "{ schedule: after_each_backup }", "{ schedule: '@weekly' }",
            "test.yml:6:24: databases[0].drill.schedule: a drill comes by the clock"
        ),
        ("{ every: 5s }", "{ every: 5m }", "test.yml:6:21: databases[0].drill.every must be"),
        (
            "{ timeline: newest }", "{ timeline: latest }",
            "databases[0].drill.timeline must be latest or the number of a timeline"
        ),
        ("{ timeline: 0 }", "{ timeline: 1 }", "databases[0].drill.timeline must be latest or"),
        ("{ amcheck: maybe }", "{ amcheck: true }", "databases[0].drill.amcheck must be true or false"),
        ("{ target: latest }", "{ to: latest }", "test.yml:6:14: unknown key \"target\" in databases[0].drill"),
        (
            "{ queries: [{ name: a }] }", "{ queries: [{ name: a, sql: b }] }",
            "databases[0].drill.queries[0].sql is missing"
        ),
    ])
    func aMistakeIsNamedWithItsPlace(wrong: String, right: String, message: String) {
        #expect(problems(text(right)) == "")
        #expect(problems(text(wrong)).contains(message), "\(problems(text(wrong)))")
    }

    @Test func aDrillNeedsAnArchiveOfOneCluster() {
        #expect(problems(text("{}")) == "")
        #expect(problems(text("{}", "")).contains("test.yml:6:12: databases[0].drill needs wal_archive"))
        let many = problems(text("{}", name: "{database}"))
        #expect(many.contains("databases[0].drill: an archive is one cluster's"), "\(many)")
        #expect(!problems(text("", name: "{database}")).contains("one cluster's"))
    }

    @Test func freshnessNeedsAnObjective() {
        let fresh = "{ freshness: [{ table: t, column: c }] }"
        #expect(problems(text(fresh, "wal_archive: {location: /w}\n    objectives: {rpo: 1h}")) == "")
        #expect(problems(text(fresh)).contains("databases[0].drill.freshness needs objectives.rpo"))
    }
}
