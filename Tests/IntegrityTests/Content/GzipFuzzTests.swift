import Backups
import Testing

@testable import Integrity

/// Files that are damaged at random, judged by us and by zlib, for as long as ``Fuzzer`` says.
@Suite struct GzipFuzzTests {
    /// Damages of one file, by a seed: bits, cuts, members dropped, doubled or swapped, junk, missing stretches.
    static func mutate(_ members: [[UInt8]], _ random: inout Seeded) -> [UInt8] {
        var members = members
        switch Int.random(in: 0..<8, using: &random) {
        case 0: members.remove(at: Int.random(in: members.indices, using: &random))
        case 1: members.swapAt(0, members.count - 1)
        case 2: members.append(members[0])
        default: break
        }
        var file = members.flatMap { $0 }
        for _ in 0..<Int.random(in: 0...2, using: &random) where !file.isEmpty {
            let at = Int.random(in: file.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: file[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: file.removeSubrange(at...)
            case 3:
                file += (0..<Int.random(in: 1...20, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            case 4: file += [UInt8](repeating: 0, count: 100)
            default: file.removeSubrange(at..<min(at + Int.random(in: 1...50, using: &random), file.count))
            }
        }
        return file
    }

    @Test func judgesAsZlibDoes() throws {
        var random = Seeded(41)
        let clock = Fuzzer.gzip.start()
        var rounds = 0
        var accepted = 0
        while rounds < 1_000 || clock.goesOn {
            rounds += 1
            let members = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                ZlibOracle.member(
                    random.text(Int.random(in: 0...3_000, using: &random)),
                    level: Int32.random(in: 0...9, using: &random),
                    header: .init(name: "n", checksum: Bool.random(using: &random)))
            }
            let file = Self.mutate(members, &random)
            let theirs = try? ZlibOracle.inflate(file)
            let ours: [UInt8]?
            do {
                let piece = Int.random(in: 1...5_000, using: &random)
                ours = try Decoded.content(file, piece: piece, room: Int.random(in: 100...70_000, using: &random))
            } catch is ContentDamage {
                ours = nil
            }
            // Of no bytes at all there is nothing to say here: the caller asks for content.
            if file.isEmpty { continue }
            #expect(ours == theirs, "round \(rounds)")
            accepted += ours == nil ? 0 : 1
            _ = FormatSniffer.sniff(prefix: file)
        }
        #expect(accepted > 100 && accepted < rounds - 100)
    }

    /// Whatever is looked at, the answer is one of the known ones, and never a crash.
    @Test(arguments: [Compression.none, .gzip, .zstd, .xz, .bzip2, .lz4])
    func sniffsAnything(compression: Compression) throws {
        var random = Seeded(42)
        let heads: [[UInt8]] =
            [Fixture.zstdWithChecksum, .xzCRC64, .bzip2, .lz4WithChecksum].map(\.bytes)
            + [ZlibOracle.member(FormatSnifferTests.dump), FormatSnifferTests.dump, Array("PGDMP".utf8)]
        for _ in 0..<400 {
            var bytes = heads[Int.random(in: heads.indices, using: &random)]
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes += random.text(Int.random(in: 0...600, using: &random))
            _ = FormatSniffer.sniff(prefix: bytes)
            guard compression != .none else { continue }
            do {
                _ = try Decoded.content(bytes, compression, piece: Int.random(in: 1...300, using: &random))
            } catch is ContentDamage {
                continue
            }
        }
    }
}
