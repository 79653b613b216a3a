import Backups
import Testing

@testable import PostgreSQL

@Suite struct WALNamesTests {
    @Test(arguments: [
        ("000000010000000A000000FF", WALFileName.segment(timeline: 1, high: 10, low: 255)),
        ("0000000F0000000000000001", .segment(timeline: 15, high: 0, low: 1)),
        ("00000001000000000000000A.partial", .partial(timeline: 1, high: 0, low: 10)),
        ("000000010000000000000003.00000028.backup", .backup(timeline: 1, high: 0, low: 3)),
        ("00000002.history", .history(timeline: 2)),
    ])
    func readsWhatTheArchiverTakes(name: String, file: WALFileName) {
        #expect(WALFileName(name) == file)
    }

    @Test(arguments: [
        "", "0000000", "00000001", "00000001000000000000000", "00000001000000000000000a", "00000001000000000000000G",
        "000000010000000000000003.", "000000010000000000000003.done", "000000010000000000000003.gz",
        "000000010000000000000003.00000028", "000000010000000000000003.28.backup",
        "000000010000000000000003.00000028.backup.gz", "00000002.history.gz", "xlogtemp.4711",
        "000000010000000000000003x00000028.backup",
    ])
    func readsNothingElse(name: String) {
        #expect(WALFileName(name) == nil)
    }

    @Test(arguments: [
        ("0/0", UInt64(0)), ("0/1000028", 0x100_0028), ("16/B374D848", 0x16_B374_D848), ("FFFFFFFF/FFFFFFFF", .max),
    ])
    func readsPositions(text: String, bytes: UInt64) {
        #expect(WALPosition(text)?.bytes == bytes)
    }

    @Test(arguments: ["", "0", "0/", "/0", "0/1/2", "1FFFFFFFF/0", "0/x"])
    func readsNoOtherPositions(text: String) {
        #expect(WALPosition(text) == nil)
    }

    /// The last segment below 4 GiB has the highest lower half; the one after it begins the next upper half.
    @Test(arguments: [
        (bytes: UInt64(16_777_216), lastLow: UInt32(0xFF), perHigh: UInt64(256)),
        (bytes: 1_073_741_824, lastLow: 3, perHigh: 4), (bytes: 1_048_576, lastLow: 0xFFF, perHigh: 4096),
    ])
    func numbersSegmentsOfEachSize(bytes: UInt64, lastLow: UInt32, perHigh: UInt64) throws {
        let size = try #require(WALSegmentSize(bytes: bytes))
        #expect(size.number(high: 0, low: lastLow) == perHigh - 1)
        #expect(size.number(high: 1, low: 0) == perHigh)
        #expect(size.start(of: perHigh) == WALPosition(bytes: 1 << 32))
        #expect(size.number(at: WALPosition(bytes: 1 << 32)) == perHigh)
        #expect(size.number(at: WALPosition(bytes: (1 << 32) - 1)) == perHigh - 1)
        #expect(size.start(of: .max) == WALPosition(bytes: .max))
    }

    @Test(arguments: [UInt64(0), 1, 1_048_575, 3_145_728, 2_147_483_648])
    func noServerHasOtherSizes(bytes: UInt64) {
        #expect(WALSegmentSize(bytes: bytes) == nil)
    }
}
