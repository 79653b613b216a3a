import TestSupport
import Testing

@testable import Integrity

/// The walk through records of the write-ahead log, with `pg_waldump` as the oracle.
@Suite struct WALRecordWalkTests {
    /// Some segments of 1 MiB, with a switch in the middle, and where what is walked begins and ends.
    private struct Log {
        let server: ArchivingServer
        let start: UInt64
        let end: UInt64
        let bytes: [UInt8]

        init(_ major: Int) throws {
            server = try ArchivingServer(major: major)
            try server.server.maintenance.run("CREATE TABLE rows (id int, text text); SELECT pg_switch_wal()")
            start = try Self.position(server)
            try server.server.maintenance.run(
                "INSERT INTO rows SELECT i, repeat('x', i % 3000) FROM generate_series(1, 1500) i")
            try server.archiveAll()
            try server.server.maintenance.run(
                "INSERT INTO rows SELECT i, repeat('y', i % 3000) FROM generate_series(1, 500) i")
            end = try Self.position(server)
            try server.archiveAll()
            let first = start / 1_048_576
            let names = (first...(end - 1) / 1_048_576).map {
                WALSegmentFile(timeline: 1, number: $0).name(segmentSize: 1_048_576)
            }
            let archive = server.archive
            bytes = try names.flatMap { try TestFile.read("\(archive)/\($0)") }
        }

        private static func position(_ server: ArchivingServer) throws -> UInt64 {
            let text = try server.server.maintenance.query("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            guard let number = UInt64(text) else { throw TestFailure("\(text) is no position") }
            return number
        }

        func text(_ position: UInt64) -> String {
            "\(String(position >> 32, radix: 16))/\(String(position & 0xFFFF_FFFF, radix: 16))"
        }
    }

    private func walk(_ log: Log, _ bytes: [UInt8], pieces: Int = 1 << 20) throws -> WALRecordWalk {
        var walk = WALRecordWalk(from: log.start, to: log.end, timeline: 1, segmentSize: 1 << 20)
        try bytes.withUnsafeBytes { whole in
            for offset in stride(from: 0, to: whole.count, by: pieces) {
                try walk.take(UnsafeRawBufferPointer(rebasing: whole[offset..<min(whole.count, offset + pieces)]))
            }
        }
        return walk
    }

    @Test(arguments: [15, 18])
    func recordsAreThoseOfPgWaldump(major: Int) throws {
        let log = try Log(major)
        let dumped = try Tool.run(
            log.server.server.installation.tool("pg_waldump"),
            ["--path", log.server.archive, "--start", log.text(log.start), "--end", log.text(log.end)]
        ).outputText.split(separator: "\n").count
        let whole = try walk(log, log.bytes)
        #expect(whole.isDone && whole.records == dumped)
        // However the bytes come.
        let pieces = try walk(log, log.bytes, pieces: 1777)
        #expect(pieces.isDone && pieces.records == dumped)
        #expect(try !walk(log, Array(log.bytes.prefix(2 << 20))).isDone)

        // What the records say lies between the pages' heads and what fills up to a multiple of 8.
        var generator = SeededGenerator(seed: 20_261_122)
        var caught = 0
        for _ in 0..<60 {
            let from = log.start % 1_048_576
            let bit = UInt64.random(in: from * 8..<from * 8 + 4_000_000, using: &generator)
            do {
                let result = try walk(log, Damage.flipBit(bit).applied(to: log.bytes))
                // A flipped bit of padding changes nothing.
                #expect(result.isDone && result.records == dumped, "bit \(bit)")
            } catch is WALRecordWalk.Flaw {
                caught += 1
            }
        }
        #expect(caught > 50)
    }
}
