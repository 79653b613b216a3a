import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Until when one can recover, as pg_waldump tells it of a real server's segments.
@Suite struct RecoverableUntilTests {
    private let server: ArchivingServer
    private let directory: TemporaryDirectory
    private let bases: String
    /// Of the last transaction, as the server noted it.
    private let newestCommit: Timestamp

    init() throws {
        server = try ArchivingServer(settings: ["track_commit_timestamp": "on", "autovacuum": "off"])
        directory = try TemporaryDirectory()
        bases = directory.file("base")
        mkdir(bases, 0o755)
        try server.write(transactions: 20)
        try server.baseBackup(["-X", "none"], to: "\(bases)/monday")
        try server.write(transactions: 20)
        try server.server.maintenance.run("CREATE TABLE last_words AS SELECT 1 AS one")
        let committed = try server.server.maintenance.query(
            """
            SELECT to_char(pg_xact_commit_timestamp(xmin) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            FROM last_words
            """)
        newestCommit = try #require(Timestamp(committed))
        try fill(1)
    }

    /// Writes so many segments without a commit.
    private func fill(_ segments: Int) throws {
        var last = ""
        for _ in 0..<segments {
            _ = try server.server.maintenance.query("SELECT pg_logical_emit_message(false, 'x', 'x')")
            last = try server.server.maintenance.query("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
            _ = try server.server.maintenance.query("SELECT pg_switch_wal()")
        }
        try TestDeadline.wait(for: "\(last) in the archive") {
            try server.server.maintenance.query(
                "SELECT coalesce(max(last_archived_wal), '') >= '\(last)' FROM pg_stat_archiver") == "t"
        }
    }

    /// - Parameter hasTools: `pg_waldump` is installed.
    private func check(knowing memory: inout ArchiveMemory, hasTools: Bool = true) throws -> WALArchiveReport {
        var options = WALArchiveCheck.Options()
        options.grace = .zero
        return try WALArchiveCheck(
            archive: WALDirectory(server.archive), bases: WALDirectory(bases), options: options,
            scratch: TestScratch.configuration(),
            installations: {
                hasTools ? Installations.find(configured: TestInstallation.all.map(\.bin)) : Installations([])
            }, now: .now()
        ).run(knowing: &memory)
    }

    /// A bulk load that takes hours, or a server that only its checkpoints write to.
    @Test func segmentsWithoutACommitDoNotThrowItBack() throws {
        var memory = ArchiveMemory()
        let before = try check(knowing: &memory)
        #expect(before.verdict == .verified, "\(before.checks)")
        #expect(before.window.end == newestCommit)
        try fill(24)
        // Remembered, and found anew.
        #expect(try check(knowing: &memory).window.end == newestCommit)
        var fresh = ArchiveMemory()
        let end = try #require(try check(knowing: &fresh).window.end)
        #expect(end <= newestCommit)
        // What lies further back is looked for in ever longer steps.
        #expect(newestCommit.seconds(since: end) < 60)
        let start = try #require(before.window.start)
        #expect(end >= start)
    }

    /// As while an upgrade has taken `pg_waldump` away: what was read before still holds, unless something before it is gone.
    @Test func aLookThatCannotReadTimesThrowsNothingBack() throws {
        var memory = ArchiveMemory()
        #expect(try check(knowing: &memory).window.end == newestCommit)
        let blind = try check(knowing: &memory, hasTools: false)
        #expect(blind.window.end == newestCommit && blind.window.unknown?.contains("pg_waldump") == true)
        // At a first look nothing is known.
        var fresh = ArchiveMemory()
        let first = try check(knowing: &fresh, hasTools: false).window
        #expect(first.newestCommit == nil && first.end == nil && first.unknown != nil)

        let segments = try TestFile.names(in: server.archive).filter { WALSegmentName($0) != nil }
        let notes = try #require(try TestFile.names(in: server.archive).first { $0.hasSuffix(".backup") })
        let afterBase = try #require(segments.sorted().first { $0 > notes.prefix(24) })
        unlink("\(server.archive)/\(afterBase)")
        let broken = try check(knowing: &memory, hasTools: false)
        #expect(broken.verdict == .failed)
        #expect(broken.window.end.map { $0 < newestCommit } ?? true, "\(broken.window)")
    }

    /// A manifest is uploaded, or copied, long after the base backup was consistent.
    @Test func theTimeOfAFileIsNoPromise() throws {
        for name in try TestFile.names(in: server.archive) where name.hasSuffix(".backup") {
            unlink("\(server.archive)/\(name)")
        }
        let later = Timestamp(seconds: newestCommit.seconds + 10_000)
        for directory in ["\(bases)/monday"] {
            try Tool.run("touch", ["-d", "@\(later.seconds)", "\(directory)/backup_manifest"])
        }
        var memory = ArchiveMemory()
        let report = try check(knowing: &memory)
        #expect(report.bases.first?.stoppedAt == later)
        #expect(report.window.end == newestCommit)
    }
}
