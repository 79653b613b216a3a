import Backups
import Foundation
import GRDB
import Testing

@testable import History

/// A file of each earlier schema becomes one of today, with what it holds.
@Suite struct MigrationTests {
    @Test func theFirstSchemaBecomesTodays() throws {
        let directory = try HistoryDirectory()
        do {
            let queue = try DatabaseQueue(path: directory.file)
            try HistorySchema.migrator.migrate(queue, upTo: "1")
            try queue.write { connection in
                try connection.execute(
                    sql: """
                        INSERT INTO databases (id, name, monitored_since) VALUES (1, 'shop', 5000000);
                        INSERT INTO backups (id, database, path, size_bytes, modified) VALUES (1, 1, '/b', 1, 1);
                        INSERT INTO runs (id, database, backup, started_at, finished_at, verdict, proof, message)
                            VALUES (7, 1, 1, 1000000, 2000000, 'verified', 'self', 'm');
                        INSERT INTO reports (run, location, name, content, notes, restorable)
                            VALUES (7, '/', 'b', 'proved', '[]', '1');
                        INSERT INTO tables (run, position, schema, name, dump_rows, proof)
                            VALUES (7, 0, 's', 't', 3, 'self');
                        INSERT INTO counters (id, database, epoch, tables) VALUES (1, 1, 'e', x'00');
                        INSERT INTO samples (database, taken_at, counters) VALUES (1, 1000000, 1);
                        """)
            }
            try queue.close()
        }
        let store = try directory.open()
        #expect(try store.monitoredSince("shop", now: .day(9)) == Timestamp(seconds: 5))
        let report = try #require(try store.report(RunID(7)))
        let table = TableName(schema: "s", name: "t")
        #expect(
            report.tables == [
                TableResult(name: table, dumpRows: 3, restoredRows: nil, referenceRows: nil, proof: .itself)
            ])
        #expect(report.conclusion.verdict == .verified)
        // Samples of the older encoding can't be read: they go, and new ones are kept.
        #expect(try store.samples(of: "shop", from: .day(-9000)) == [])
        let sample = ProductionSample(takenAt: .day(1), epoch: "e", circumstances: "c", tables: [])
        try store.note(sample, of: "shop")
        #expect(try store.samples(of: "shop", from: .day(0)) == [sample])
    }
}
