import Backups
import TestSupport
import Testing

@testable import Integrity

/// Custom archives whose table of contents was to be rewritten in place and landed at the end, because the file was open
/// to append.
@Suite struct AppendedTOCTests {
    /// pg_dump 18 makes its standard output append by itself; 15 does when the shell opened it so.
    private func dump(_ arguments: [String], _ major: Int, _ redirection: String) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        let database = try ArchiveCorpus.database(major)
        let path = directory.file("appended")
        try Tool.shell(
            "out=$1 tool=$2 db=$3; shift 3; \"$tool\" -Fc -d \"$db\" \"$@\" \(redirection)\"$out\"",
            [path, database.server.installation.tool("pg_dump"), database.conninfo] + arguments)
        return try TestFile.read(path)
    }

    private func read(_ bytes: [UInt8]) throws -> ArchiveResult {
        try ArchivePass(source: BytesInMemory(bytes), format: .custom).run()
    }

    /// Where the second table starts: the first one, but for its head, is found there again.
    private func secondTable(of bytes: [UInt8], entries: Int) throws -> Int {
        let count = [0] + (0..<4).map { UInt8(truncatingIfNeeded: entries >> (8 * $0)) }
        let places = bytes.indices.dropLast(count.count).filter { Array(bytes[$0..<$0 + count.count]) == count }
        return try #require(places.last { $0 > bytes.count / 2 })
    }

    @Test(arguments: [[], ["-Z0"], ["--inserts"], ["--statistics"]])
    func standardOutputOf18(arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let database = try ArchiveCorpus.database(18)
        let path = try database.dump(["-Fc"] + arguments, to: directory.file("whole"))
        let whole = try ArchiveReader.verify(path, format: .custom)
        let bytes = try dump(arguments, 18, ">")
        #expect(bytes.count > (try TestFile.read(path)).count, "pg_dump wrote no second table of contents")
        #expect(try read(bytes).contents.rows == whole.contents.rows)
    }

    @Test func appendedBy15() throws {
        let bytes = try dump([], 15, ">>")
        #expect(try read(bytes).contents.largeObjects == 6)
        #expect(throws: ContentDamage.self) { try read(Array(bytes.dropLast())) }
    }

    @Test(arguments: [[], ["--statistics"]])
    func damageToTheSecondTable(arguments: [String]) throws {
        let bytes = try dump(arguments, 18, ">")
        let directory = try TemporaryDirectory()
        try TestFile.write(bytes, to: directory.file("whole"))
        let entries = try ArchiveReader.verify(directory.file("whole"), format: .custom).toc.entries
        let start = try secondTable(of: bytes, entries: entries.count)
        _ = try read(Array(bytes[..<start]))
        for part in 0..<40 {
            let at = start + 1 + (bytes.count - start - 1) * part / 40
            let cut = #expect(throws: ContentDamage.self, "cut at \(at)") { try read(Array(bytes[..<at])) }
            #expect(cut?.reason == (at - start < 5 ? .trailingBytes : .truncated))
            var flipped = bytes
            flipped[at] ^= 1 << UInt8(part % 8)
            #expect(throws: ContentDamage.self, "flipped at \(at)") { try read(flipped) }
        }
        // Every bit of the last entry: also where its data lies, and that it has none.
        for at in bytes.count - 24..<bytes.count {
            for bit in 0..<8 as Range<UInt8> {
                var flipped = bytes
                flipped[at] ^= 1 << bit
                #expect(throws: ContentDamage.self, "flipped at \(at), \(bit)") { try read(flipped) }
            }
        }
    }

    @Test func anythingElseTrails() throws {
        let bytes = try dump([], 18, ">")
        let directory = try TemporaryDirectory()
        try TestFile.write(bytes, to: directory.file("whole"))
        let entries = try ArchiveReader.verify(directory.file("whole"), format: .custom).toc.entries
        let start = try secondTable(of: bytes, entries: entries.count)
        let piped = Array(bytes[..<start])
        let third = bytes + bytes[start...]
        for junk in [third, bytes + [0], piped + [0], piped + [UInt8](repeating: 0, count: 512), piped + piped] {
            let damage = #expect(throws: ContentDamage.self) { try read(junk) }
            #expect(damage?.reason == .trailingBytes)
        }
    }

    /// A letter flipped in the first table shows against the second.
    @Test func damageToTheFirstTable() throws {
        var bytes = try dump([], 18, ">")
        let name = Array("customer bigint".utf8)
        let at = try #require(bytes.indices.dropLast(name.count).first { Array(bytes[$0..<$0 + name.count]) == name })
        bytes[at] ^= 1
        let damage = #expect(throws: ContentDamage.self) { try read(bytes) }
        #expect(damage?.reason == .corrupt)
    }
}
