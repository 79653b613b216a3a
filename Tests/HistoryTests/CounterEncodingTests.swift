import Backups
import Testing

@testable import History

@Suite struct CounterEncodingTests {
    private static let table = TableCounters(
        schema: "s", name: "t", oid: 16_384, relfilenode: .max, inserted: .max, updated: 0, deleted: 127, liveRows: 128,
        definition: 3)

    private func decode(_ bytes: [UInt8]) -> [TableCounters]? {
        CounterEncoding.decode(bytes) { $0 == 5 ? ("s", "t") : nil }
    }

    @Test func comesBackEqual() {
        let bytes = CounterEncoding.encode([Self.table, Self.table]) { _ in 5 }
        #expect(decode(bytes) == [Self.table, Self.table])
        #expect(decode(CounterEncoding.encode([]) { _ in 5 }) == [])
    }

    /// The example of DWARF 5, figure C.1 and table 7.7: 128 is 80 01, 12857 is B9 64.
    @Test func numbersAreLEB128() {
        var table = Self.table
        table.inserted = 12_857
        let bytes = CounterEncoding.encode([table]) { _ in 5 }
        #expect(bytes == [1, 5, 0x80, 0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f, 3, 0xb9, 0x64, 0, 127, 0x80, 0x01])
    }

    @Test func everyCutIsSeen() {
        let bytes = CounterEncoding.encode([Self.table, Self.table]) { _ in 5 }
        for length in 0..<bytes.count { #expect(decode(Array(bytes.prefix(length))) == nil, "\(length) bytes") }
        #expect(decode(bytes + [0]) == nil)
    }

    @Test(
        arguments: [
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            [1, 6, 1, 1, 1, 1, 1, 1, 1], [1, 5, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 1, 1, 1, 1, 1],
        ] as [[UInt8]])
    func refusesWhatItDidNotMake(bytes: [UInt8]) {
        #expect(decode(bytes) == nil)
    }
}
