import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Nothing of the server that a data directory was copied from may work in the copy.
@Suite struct RecoveredClusterTests {
    @Test func nothingOfProductionsOwnIsKept() throws {
        let directory = try TemporaryDirectory()
        let data = directory.path
        for name in ["pg_replslot", "pg_replslot/standby", "base"] { mkdir("\(data)/\(name)", 0o700) }
        let foreign = [
            "postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf", "standby.signal",
            "tablespace_map",
            "postmaster.pid", "recovery.conf", "pg_replslot/standby/state",
        ]
        for name in foreign { _ = try directory.write("archive_command = 'touch /production'\n", to: name) }
        _ = try directory.write("15\n", to: "PG_VERSION")

        try RecoveredCluster(data: data).prepare()
        for name in foreign where TestFile.exists("\(data)/\(name)") {
            #expect(try !TestFile.text("\(data)/\(name)").contains("production'"), "\(name)")
        }
        #expect(try TestFile.names(in: "\(data)/pg_replslot") == [])
        #expect(!TestFile.exists("\(data)/standby.signal") && TestFile.exists("\(data)/recovery.signal"))
        #expect(try TestFile.text("\(data)/pg_hba.conf") == "local all all trust\n")
        #expect(try TestFile.text("\(data)/PG_VERSION") == "15\n")
    }

    /// A link where a directory belongs is production's, perhaps: nothing is made where it leads.
    @Test(arguments: ["pg_wal", "pg_logical", "pg_stat", "pg_replslot"]) func noLinkIsFollowed(name: String) throws {
        let directory = try TemporaryDirectory()
        let (data, outside) = (directory.file("data"), directory.file("outside"))
        for path in [data, outside, "\(outside)/kept"] { try #require(mkdir(path, 0o700) == 0) }
        try #require(symlink(outside, "\(data)/\(name)") == 0)
        if name == "pg_replslot" {
            // Slots are none of the copy's: the link goes, and what it leads to stays.
            try RecoveredCluster(data: data).prepare()
        } else {
            #expect(throws: Obstacle.self) { try RecoveredCluster(data: data).prepare() }
        }
        #expect(try TestFile.names(in: outside) == ["kept"])
    }

    @Test func smallFilesAreReadWithoutFollowingLinks() throws {
        let directory = try TemporaryDirectory()
        let data = directory.path
        try #require(mkdir("\(data)/pg_wal", 0o700) == 0)
        _ = try directory.write("1\t0/3000000\tno recovery target specified\n", to: "pg_wal/00000002.history")
        #expect(RestoredFile.text("pg_wal/00000002.history", in: data)?.hasPrefix("1\t0/3000000") == true)
        try #require(symlink("00000002.history", "\(data)/pg_wal/00000003.history") == 0)
        try #require(symlink("pg_wal", "\(data)/other") == 0)
        try #require(mkfifo("\(data)/PG_VERSION", 0o600) == 0)
        for name in ["pg_wal/00000003.history", "other/00000002.history", "PG_VERSION", "pg_wal", "none"] {
            #expect(RestoredFile.text(name, in: data) == nil, "\(name)")
        }
    }
}
