import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// What a tool that copies files may take along: links, other names of production's files, pipes.
@Suite struct RestoredTreeTests {
    private let directory: TemporaryDirectory
    private var data: String { directory.file("data") }
    private var outside: String { directory.file("outside") }

    init() throws {
        directory = try TemporaryDirectory()
        for path in ["data", "data/base", "data/base/1", "data/global", "data/pg_wal", "data/pg_tblspc", "outside"] {
            try #require(mkdir(directory.file(path), 0o700) == 0)
        }
        for path in ["data/PG_VERSION", "data/base/1/1259", "outside/kept"] {
            _ = try directory.write("15\n", to: path)
        }
    }

    private func settle() throws { try RestoredTree(data: data, cancellation: Cancellation()).settle() }

    @Test func whatIsItsOwnStays() throws {
        let before = try Tool.shell("cd \"$1\" && find . | sort", [data]).outputText
        try settle()
        #expect(try Tool.shell("cd \"$1\" && find . | sort", [data]).outputText == before)
    }

    @Test(arguments: [
        "log", "pg_log", "server.crt", "postgresql.conf", "pg_hba.conf", "pg_stat_tmp", "backup_manifest",
    ])
    func whatNoScratchServerReadsGoes(name: String) throws {
        try #require(symlink(outside, "\(data)/\(name)") == 0)
        try settle()
        #expect(!TestFile.exists("\(data)/\(name)"))
        #expect(try TestFile.names(in: outside) == ["kept"])
    }

    /// Logs, settings and certificates of distributions.
    @Test func whatLeadsOutOfADirectoryThatNoScratchServerReadsGoes() throws {
        for name in ["log", "conf.d"] { try #require(mkdir("\(data)/\(name)", 0o700) == 0) }
        try #require(symlink("\(outside)/kept", "\(data)/log/current") == 0)
        try #require(symlink(outside, "\(data)/conf.d/more") == 0)
        try #require(link("\(outside)/kept", "\(data)/conf.d/10.conf") == 0)
        try settle()
        #expect(try TestFile.names(in: "\(data)/log") == [] && TestFile.names(in: "\(data)/conf.d") == ["10.conf"])
        #expect(try TestFile.names(in: outside) == ["kept"])
    }

    @Test(arguments: [
        "pg_wal", "pg_logical", "base", "global", "PG_VERSION", "backup_label", "pg_tblspc", "base/1/2", "pg_tblspc/1",
    ])
    func aLinkIsInTheWay(name: String) throws {
        try Tool.run("rm", ["-rf", "\(data)/\(name)"])
        try #require(symlink(outside, "\(data)/\(name)") == 0)
        let error = #expect(throws: Obstacle.self) { try settle() }
        #expect(error?.reason == .unsupportedFormat)
        #expect(error?.message.hasPrefix("\(name) was restored as a link") == true, "\(error?.message ?? "-")")
        #expect(try TestFile.names(in: outside) == ["kept"])
    }

    @Test func aFileWithAnotherNameIsInTheWay() throws {
        try #require(link("\(outside)/kept", "\(data)/base/1/2") == 0)
        let error = #expect(throws: Obstacle.self) { try settle() }
        #expect(error?.reason == .unsupportedFormat && error?.message.hasPrefix("base/1/2 has another name") == true)
    }

    @Test func aPipeIsInTheWayWhereAServerReads() throws {
        try #require(mkfifo("\(data)/fifo", 0o600) == 0)
        try settle()
        #expect(!TestFile.exists("\(data)/fifo"))
        try #require(mkfifo("\(data)/backup_label", 0o600) == 0)
        let error = #expect(throws: Obstacle.self) { try settle() }
        #expect(error?.message.contains("neither a file nor a directory") == true)
    }
}
