import Backups
import Integrity
import TestSupport

@testable import PostgreSQL

/// A test's server as a place to load into.
struct TestTarget: LoadTarget {
    let server: TestServer

    func parameters(database: String) -> ConnectionParameters {
        ConnectionParameters([
            "host": server.socketDirectory, "port": "5432", "user": TestServer.superuser, "dbname": database,
            "client_encoding": "UTF8",
        ])
    }

    func connect(database: String) throws -> Connection {
        try Connection(parameters(database: database), lossReason: .serverFailed)
    }
}

/// Scans dumps and loads them, as a verification does.
enum LoadSupport {
    static func scan(_ path: String, compression: Compression = .none, planBudget: Int = 16 << 20) throws -> PlainDump {
        let bytes = try FileBytes(path)
        let pass = IntegrityPass(
            source: bytes, compression: compression, consumer: DumpScanner(planBudget: planBudget))
        let result = try pass.run()
        guard let scanned = pass.consumer.result else { throw TestFailure("the scan gave nothing") }
        return PlainDump(
            content: CheckpointedContent(source: bytes, compression: compression, checkpoints: result.checkpoints),
            contents: scanned.contents, plan: scanned.plan)
    }

    static func scan(text: String) throws -> PlainDump {
        let directory = try TemporaryDirectory()
        return try scan(try directory.write(text, to: "dump.sql"))
    }

    @discardableResult
    static func load(_ dump: PlainDump, globals: PlainDump? = nil, on server: TestServer, _ options: LoadOptions)
        throws -> LoadOutcome
    {
        try NativeLoader(dump, globals: globals, options: options).load(
            into: TestTarget(server: server), cancellation: Cancellation(), progress: SilentProgress())
    }

    /// A database dumped as text that depends on nothing but the database: its lines, without the random key of
    /// `\restrict`.
    static func text(of database: TestDatabase, _ arguments: [String] = []) throws -> [Substring] {
        let directory = try TemporaryDirectory()
        let path = try database.dump(arguments, to: directory.file("again.sql"))
        return String(decoding: try TestFile.read(path), as: UTF8.self).split(separator: "\n").filter {
            !$0.hasPrefix("\\restrict ") && !$0.hasPrefix("\\unrestrict ")
        }
    }

    /// The first line in which two dumps differ.
    static func difference(_ one: [Substring], _ other: [Substring]) -> String? {
        for (left, right) in zip(one, other) where left != right { return "\(left) | \(right)" }
        return one.count == other.count ? nil : "\(one.count) lines | \(other.count) lines"
    }

    /// Text of a dump as pg_dump frames it.
    static func framed(_ body: String, serverVersion: String = "15.18") -> String {
        """
        --
        -- PostgreSQL database dump
        --

        -- Dumped from database version \(serverVersion)
        -- Dumped by pg_dump version 15.18

        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;

        \(body)

        --
        -- PostgreSQL database dump complete
        --


        """
    }
}
