import Backups
import Testing

@testable import PostgreSQL

/// What configured commands print.
@Suite struct CommandListingTests {
    private func address() throws -> RepositoryAddress { try #require(RepositoryAddress("command:/etc/tool.yml")) }

    private func read(_ text: String) throws -> [RepositoryBackup] {
        try CommandListing(Array(text.utf8), of: address()).backups
    }

    @Test func backupsAreReadInTheirOrder() throws {
        let backups = try read(
            """
            [{"name": "b", "start_time": "2026-11-21T02:00:00Z", "finish_time": "2026-11-21T02:10:00+01:00", "size": 7, "stored_size": 5,
              "pg_version": 15, "more": {}},
             {"name": "a", "finish_time": 1795140007.5, "size": 3, "status": "failed"},
             {"name": "c", "finish_time": 1795240007, "status": "unfinished"}]
            """)
        #expect(backups.map(\.label) == ["a", "b", "c"])
        #expect(backups.map(\.isComplete) == [false, true, false])
        #expect(backups[1].startedAt == Timestamp("2026-11-21T02:00:00Z"))
        #expect(backups[1].stoppedAt == Timestamp("2026-11-21T01:10:00Z"))
        #expect(backups[1].size == 7 && backups[1].storedSize == 5 && backups[1].major == 15)
        #expect(backups[0].storedSize == 3 && backups[2].storedSize == nil)
    }

    /// As WAL-G's documentation shows `backup-list --detail --json`.
    @Test func namesOfWALGAreKnown() throws {
        let backups = try read(
            """
            [{"backup_name": "base_000000010000000000000004", "time": "2026-11-20T02:10:00.123456Z", "pg_version": 150004,
              "start_time": "2026-11-20T02:00:00Z", "finish_time": "2026-11-20T02:09:00Z", "compressed_size": 4, "uncompressed_size": 9}]
            """)
        #expect(backups.first?.label == "base_000000010000000000000004")
        #expect(backups.first?.storedSize == 4 && backups.first?.size == 9 && backups.first?.major == 15)
        #expect(backups.first?.stoppedAt == Timestamp("2026-11-20T02:09:00Z"))
    }

    @Test(arguments: [
        "", "{}", #"[{}]"#, #"[{"name": "-x"}]"#, #"[{"name": "a/b"}]"#,
        #"[{"name": "a", "finish_time": "yesterday"}]"#,
        #"[{"name": "a", "finish_time": "2026-11-20 02:00:00"}]"#, #"[{"name": "a", "status": "fine"}]"#,
        #"[{"name": "a", "size": -1}]"#,
    ])
    func whatIsNoListIsUnreadable(text: String) throws {
        let error = #expect(throws: Obstacle.self) { try read(text) }
        #expect(error?.reason == .unreadable)
    }

    /// What a catalog is told; and nothing of the age of a backup that nobody lists.
    @Test func aCatalogNeedsTimesAndSizes() throws {
        var commands = RepositoryCommands(restore: .words(["true"]))
        #expect(throws: Obstacle.self) { try CommandRepository(address(), commands).listing(Cancellation()) }
        let latest = try CommandRepository(address().naming("x"), commands).backups(Cancellation())
        #expect(latest.map(\.label) == ["x"] && latest.first?.storedSize == nil)
        commands.list = .shell(
            "echo '[{\"name\": \"a\", \"finish_time\": 7, \"size\": 5}, {\"name\": \"b\", \"status\": \"failed\"}]'")
        let listed = try CommandRepository(address(), commands).listing(Cancellation()).entries
        #expect(listed.map(\.path) == ["a"])
        #expect(listed.first?.identity.path == "command:/etc/tool.yml:a" && listed.first?.identity.sizeBytes == 5)
        #expect(listed.first?.times?.completedAt == Timestamp(seconds: 7))
        commands.list = .shell("echo '[{\"name\": \"a\", \"size\": 5}]'")
        #expect(throws: Obstacle.self) { try CommandRepository(address(), commands).listing(Cancellation()) }
        commands.list = .shell("echo no >&2; exit 4")
        let error = #expect(throws: Obstacle.self) {
            try CommandRepository(address(), commands).backups(Cancellation())
        }
        #expect(error?.message.contains("it ended with exit status 4: no") == true)
    }

    @Test func filesOfTheLogAreRead() throws {
        let address = try address()
        let name = "000000010000000000000003"
        for line in ["\(name) 2026-11-20T02:00:00Z", "wal_005/\(name).lz4\t1795139.5 17", "\(name).zst 0"] {
            #expect(try CommandSegments.entry(line[...], of: address)?.path == name)
        }
        #expect(try CommandSegments.entry("00000002.history.gz 7", of: address)?.path == "00000002.history")
        #expect(try CommandSegments.entry("x/\(name).tmp 7", of: address)?.path == "x/\(name).tmp")
        #expect(try CommandSegments.entry("  ", of: address) == nil)
        for line in [name, "\(name) yesterday", "\(name) -1"] {
            #expect(throws: Obstacle.self) { try CommandSegments.entry(line[...], of: address) }
        }
    }
}
