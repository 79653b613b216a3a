import Backups
import Integrity

/// Runs the scanner over a text, cut into chunks of one size.
func scan(_ text: some Collection<UInt8>, chunk: Int = 1 << 20, budget: Int = 16 << 20) throws -> DumpScanner.Result {
    var scanner = DumpScanner(planBudget: budget)
    let bytes = Array(text)
    var offset = 0
    while offset < bytes.count {
        let end = min(offset + chunk, bytes.count)
        // A copy of its own for each chunk, so that reading beyond it would be seen.
        let part = Array(bytes[offset..<end])
        _ = try part.withUnsafeBytes { try scanner.consume($0, at: UInt64(offset)) }
        offset = end
    }
    try scanner.finish()
    guard let result = scanner.result else { throw NoResult() }
    return result
}

func scan(_ text: String, chunk: Int = 1 << 20, budget: Int = 16 << 20) throws -> DumpScanner.Result {
    try scan(Array(text.utf8), chunk: chunk, budget: budget)
}

struct NoResult: Error {}

/// The damage that a text shows; `nil` for none.
func damage(in text: String, chunk: Int = 1 << 20) throws -> ContentDamage? {
    do {
        _ = try scan(text, chunk: chunk)
        return nil
    } catch let damage as ContentDamage {
        return damage
    }
}

/// All that a plan says, as text, to compare and to read.
func describe(_ plan: LoadPlan) -> [String] {
    plan.entries.map { entry in
        var kind = "\(entry.kind)"
        if case .bulk(let run) = entry.kind {
            kind = "bulk \(run.statements) \(run.rows.map { "\($0.key)=\($0.value)" }.sorted())"
        }
        let text = entry.text.map { String(decoding: $0, as: UTF8.self) } ?? "-"
        let settings = plan.contexts[entry.context].statements.map { String(decoding: $0.statement, as: UTF8.self) }
        return "\(entry.location) +\(entry.length) \(kind) [\(settings.joined(separator: "; "))] \(text)"
    }
}

/// A reader over bytes that gives at most `step` at a time.
final class ArrayReader: ByteReader {
    private let bytes: [UInt8]
    private var position: Int
    private let step: Int

    init(_ bytes: [UInt8], from position: Int = 0, step: Int = Int.max) {
        self.bytes = bytes
        self.position = position
        self.step = step
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, step, bytes.count - position)
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        return count
    }
}

/// A small dump as pg_dump writes it.
func framed(_ body: String, header: String = "", key: String = "abc") -> String {
    """
    --
    -- PostgreSQL database dump
    --

    \\restrict \(key)

    -- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
    -- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

    SET client_encoding = 'UTF8';
    SET standard_conforming_strings = on;
    SELECT pg_catalog.set_config('search_path', '', false);
    \(header)
    \(body)

    --
    -- PostgreSQL database dump complete
    --

    \\unrestrict \(key)


    """
}
