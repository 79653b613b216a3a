import Backups
import Glibc
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// A standby is promoted and goes on in the same archive, as after a failover.
@Suite struct PromotedArchiveTests {
    @Test func theNewTimelineIsFollowed() throws {
        let primary = try ArchivingServer()
        let directory = try TemporaryDirectory()
        try primary.write(transactions: 20)
        try primary.baseBackup([], to: directory.file("base"))
        try primary.write(transactions: 100)
        let standby = try ArchivingServer(standbyOf: primary)
        // So that the switch lies within a segment, which the old timeline then leaves as .partial.
        try primary.server.maintenance.run("SET synchronous_commit = on; CREATE TABLE last_words AS SELECT 1")
        let position = try primary.server.maintenance.query("SELECT pg_current_wal_flush_lsn()")
        try wait(for: standby, "SELECT pg_last_wal_replay_lsn() >= '\(position)'")
        primary.server.stop()
        try standby.promote()
        try standby.write(transactions: 100)
        let names = try TestFile.names(in: standby.archive)
        #expect(names.contains("00000002.history"))
        let partial = try #require(names.first { $0.hasSuffix(".partial") })

        let report = try check(standby.archive, directory.file("base"))
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.timelines.map(\.number) == [1, 2])
        #expect(report.timelines.last?.parent == 1)
        #expect(report.bases.first?.recoverableTimeline == 2)
        #expect(report.window.end != nil, "\(report.window)")

        try supply(names, from: standby.archive, asking: directory)

        // The copy of the segment within which the timelines part is needed now: nothing else holds what follows.
        let copy = "00000002" + partial.dropFirst(8).prefix(16)
        try Tool.run("mv", ["\(standby.archive)/\(copy)", directory.file("copy")])
        let gap = try check(standby.archive, directory.file("base"))
        #expect(gap.decisive?.reason == .walGap)
        #expect(gap.bases.first?.missing.map(\.first) == [copy])
        try Tool.run("mv", [directory.file("copy"), "\(standby.archive)/\(copy)"])

        // The old server died while it archived that segment: nobody asks for its copy, once there is the new timeline's.
        let (old, new) = ("\(standby.archive)/\(partial.prefix(24))", "\(standby.archive)/\(copy)")
        try Tool.shell("head -c 20000 \"$1\" > \"$2\"", [new, old])
        let cut = try check(standby.archive, directory.file("base"))
        #expect(cut.verdict == .verified, "\(cut.checks)")
        try Tool.run("cp", [new, directory.file("copy")])
        try Tool.run("truncate", ["-s", "20000", new])
        let damaged = try check(standby.archive, directory.file("base"))
        #expect(damaged.checks.contains { $0.name == "first-pages" && $0.reason == .truncated }, "\(damaged.checks)")
        try Tool.run("mv", [directory.file("copy"), new])
        unlink(old)

        // Without its history nobody finds the new timeline.
        try Tool.run("mv", ["\(standby.archive)/00000002.history", directory.file("history")])
        let unlinked = try check(standby.archive, directory.file("base"))
        #expect(unlinked.decisive?.reason == .walGap)
        #expect(unlinked.decisive?.details == ["00000002.history"])
        #expect(unlinked.bases.first?.unlinkedTimelines == [2])
        try Tool.run("mv", [directory.file("history"), "\(standby.archive)/00000002.history"])

        // Right after the promotion only the .partial is there: it holds all up to the switch.
        for name in names where name.hasPrefix("00000002") && name.count == 24 { unlink("\(standby.archive)/\(name)") }
        let early = try check(standby.archive, directory.file("base"))
        #expect(early.verdict == .verified, "\(early.checks)")
        #expect(early.bases.first?.recoverableTo == early.timelines.last?.branchedAt)
    }

    /// A recovery that is to end on the newest timeline asks for histories first, and for the newest copy of a segment: the
    /// first pages of the first one on the new timeline are the old one's.
    private func supply(_ names: [String], from archive: String, asking directory: TemporaryDirectory) throws {
        let supply = try WALSupply(
            WALDirectory(archive), cacheDirectory: directory.file("cache"), cancellation: Cancellation())
        let history = try #require(try supply.file("00000002.history"))
        #expect(try TestFile.read(history) == TestFile.read("\(archive)/00000002.history"))
        #expect(try supply.file("00000003.history") == nil)
        for name in names where name.count == 24 || name.hasSuffix(".partial") {
            let file = try #require(try supply.file(name), "\(name)")
            #expect(try TestFile.read(file) == TestFile.read("\(archive)/\(name)"), "\(name)")
        }
        let last = try #require(names.last { $0.count == 24 })
        #expect(last.hasPrefix("00000002"))
        #expect(try supply.file("00000003" + last.dropFirst(8)) == nil)
        // A copy from before the timelines parted: nobody writes such a one.
        try Tool.run("mkdir", [directory.file("swapped")])
        try Tool.run("cp", ["\(archive)/00000002.history", directory.file("swapped")])
        let old = try #require(names.first { $0.hasPrefix("00000001") && $0.count == 24 })
        try Tool.run("cp", ["\(archive)/\(old)", directory.file("swapped/00000002\(old.dropFirst(8))")])
        let swapped = try WALSupply(
            WALDirectory(directory.file("swapped")), cacheDirectory: directory.file("cache"),
            cancellation: Cancellation())
        #expect(try swapped.file("00000002.history") != nil)
        #expect(throws: ContentDamage.self) { try swapped.file("00000002\(old.dropFirst(8))") }
    }

    private func check(_ wal: String, _ base: String) throws -> WALArchiveReport {
        var options = WALArchiveCheck.Options()
        options.grace = .zero
        return try WALArchiveCheck(
            archive: WALDirectory(wal), bases: WALDirectory(base), options: options,
            scratch: TestScratch.configuration(), installations: { Installations.find() }, now: .now()
        ).run()
    }

    private func wait(for server: ArchivingServer, _ question: String) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try server.server.maintenance.query(question) != "t" {
            guard ContinuousClock.now < deadline else { throw TestFailure("not within a minute: \(question)") }
            usleep(10_000)
        }
    }
}
