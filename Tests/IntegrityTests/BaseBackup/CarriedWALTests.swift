import Backups
import TestSupport
import Testing

@testable import Integrity

/// What a manifest says of the log, however much that is: it is reckoned, and ends nobody.
@Suite struct CarriedWALTests {
    private static let segment = 16 << 20

    /// - Returns: what comes of it when the backup carries this one segment of zeros.
    private func check(_ range: BaseBackupManifest.WALRange, carrying name: String) throws -> Check? {
        let wal = CarriedWAL([range])
        if wal.begin(DataPath("pg_wal/\(name)"), size: UInt64(Self.segment)) {
            try [UInt8](repeating: 0, count: Self.segment).withUnsafeBytes { try wal.update($0) }
            try wal.end()
        }
        return wal.check()
    }

    @Test func whatIsMissingIsCounted() throws {
        let range = BaseBackupManifest.WALRange(timeline: 1, start: 0x100_0028, end: 0x400_0100)
        let few = try #require(try check(range, carrying: "000000010000000000000003"))
        #expect(few.reason == .missingFile)
        #expect(
            few.details == ["000000010000000000000001", "000000010000000000000002", "000000010000000000000004"])
        #expect(few.message.contains("and 2 other segments"))
    }

    @Test func manyThatAreMissingAreNotNamed() throws {
        let range = BaseBackupManifest.WALRange(timeline: 1, start: 0x28, end: 16 << 40)
        let many = try #require(try check(range, carrying: "000000010000000000000005"))
        #expect(many.verdict == .failed && many.reason == .missingFile)
        #expect(many.details.count == 20 && many.details.contains("000000010000000000000004"))
        #expect(!many.details.contains("000000010000000000000005"))
        #expect(many.message.contains("and \(Quantity.count(UInt64((16 << 40) / Self.segment - 2), "other segment"))"))
    }

    @Test func theLastPositionsEndNobody() throws {
        let last = BaseBackupManifest.WALRange(timeline: 1, start: .max - 15, end: .max)
        let check = try #require(try check(last, carrying: "00000001FFFFFFFF000000FF"))
        #expect(check.verdict == .failed && check.reason == .corrupt)
    }
}
