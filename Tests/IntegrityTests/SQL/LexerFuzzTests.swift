import Backups
import Integrity
import Testing

/// Seeded mutations of tricky dumps: nothing crashes, nothing depends on the chunks, and the stream agrees with the scan.
@Suite struct LexerFuzzTests {
    private static let pieces: [[UInt8]] = [
        "'", "\"", "$$", "$a$", "/*", "*/", "--", "\n", "\r\n", "\\.", "\n\\.\n", "\\", ";", "(", ")", "E'", "U&\"",
        "U&'",
        "COPY a FROM stdin;\n", "BEGIN;", "COMMIT;", "INSERT INTO a VALUES (1);\n", "SET client_encoding = 'SJIS';\n",
        "SET standard_conforming_strings = off;\n", "\\connect b\n", "\\restrict x\n", "\0", "CREATE TABLE a (",
        "CREATE FUNCTION f() BEGIN ATOMIC ", "GRANT a TO ", "SELECT pg_catalog.lowrite(0, ", "pg_dump: error",
        "-- PostgreSQL database dump\n", "-- PostgreSQL database dump complete\n", "SET GB18030", "\u{fe}",
    ].map { Array($0.utf8) }

    @Test func survivesMutations() throws {
        let clock = Fuzzer.lexer.start()
        var seed: UInt64 = 0
        repeat {
            seed += 1
            try check(seed: seed)
        } while seed < 400 || clock.goesOn
    }

    private func check(seed: UInt64) throws {
        var random = Seeded(seed)
        let start = Array(trickyDumps[Int.random(in: 0..<trickyDumps.count, using: &random)].utf8)
        let text = mutated(start, &random)
        let whole = outcome(text, chunk: text.count + 1)
        let chunk = Int.random(in: 1...40, using: &random)
        #expect(outcome(text, chunk: chunk) == whole, "seed \(seed), chunk \(chunk)")
        guard whole.damage == nil else { return }
        // A table with an INSERT that can't be counted is not listed by the scan.
        let streamed = try streamedRows(text, step: chunk).filter { whole.rows[$0.key] != nil }
        #expect(streamed == whole.rows, "seed \(seed)")
    }

    private func mutated(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let at = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[min(at, bytes.count - 1)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...60, using: &random)))
            case 2:
                bytes.insert(
                    contentsOf: bytes[at..<min(bytes.count, at + 50)],
                    at: Int.random(in: 0...bytes.count, using: &random))
            default:
                bytes.insert(contentsOf: Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)], at: at)
            }
            if bytes.isEmpty { bytes = [UInt8(ascii: "\n")] }
        }
        return bytes
    }

    private struct Outcome: Equatable {
        var damage: String?
        var rows: [TableName: UInt64] = [:]
        var plan: [String] = []
    }

    private func outcome(_ text: [UInt8], chunk: Int) -> Outcome {
        do {
            let result = try scan(text, chunk: chunk)
            return Outcome(rows: result.contents.rows.filter { $0.value > 0 }, plan: describe(result.plan))
        } catch {
            return Outcome(damage: "\(error)")
        }
    }

    private func streamedRows(_ text: [UInt8], step: Int) throws -> [TableName: UInt64] {
        var stream = StatementStream(ArrayReader(text, step: step), bufferSize: 64)
        var rows: [TableName: UInt64] = [:]
        while let item = try stream.next() {
            switch item {
            case .entry(let entry):
                if case .bulk(let run) = entry.kind { rows.merge(run.rows, uniquingKeysWith: +) }
            case .copy:
                if let block = try stream.readCopyData({ _ in }) { rows[block.table, default: 0] += block.rows }
            }
        }
        return rows.filter { $0.value > 0 }
    }
}
