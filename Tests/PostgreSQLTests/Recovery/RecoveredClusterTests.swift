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
}
