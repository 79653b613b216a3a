import Backups
import TestSupport
import Testing

@testable import Integrity

/// Files of zstd, xz, bzip2 and lz4 that are damaged at random, for as long as ``Fuzzer`` says. What is accepted with a
/// checksum has the content of members that were there; and nothing depends on the pieces that bytes come in.
@Suite struct FrameFuzzTests {
    private enum Outcome: Equatable {
        case content([UInt8], MemberFacts)
        case damage(Reason)
        /// A header that is hit may want more memory than is given.
        case obstacle(Reason)
    }

    private static func decode(
        _ file: [UInt8], _ format: Compression, _ random: inout Seeded
    ) throws -> Outcome {
        do {
            let (content, facts) = try Decoded.contentAndFacts(
                file, format, piece: Int.random(in: 1...3_000, using: &random),
                room: Int.random(in: 100...70_000, using: &random))
            return .content(content, facts)
        } catch let damage as ContentDamage {
            return .damage(damage.reason)
        } catch let obstacle as Obstacle where [.unsupportedFormat, .outOfMemory].contains(obstacle.reason) {
            return .obstacle(obstacle.reason)
        }
    }

    /// Whether `content` is made of some of the parts, in their order.
    private static func isMade(_ content: ArraySlice<UInt8>, of parts: ArraySlice<[UInt8]>) -> Bool {
        guard let first = parts.first else { return content.isEmpty }
        if isMade(content, of: parts.dropFirst()) { return true }
        return content.starts(with: first) && isMade(content.dropFirst(first.count), of: parts.dropFirst())
    }

    /// With checksums, as the tools write them and libarchive does not.
    private static func members(by compressor: Compressor) throws -> [(content: [UInt8], bytes: [UInt8])] {
        let directory = try TemporaryDirectory()
        var random = Seeded(43)
        return try (0..<12).map { _ in
            let content = random.text(Int.random(in: 1...3_000, using: &random))
            try TestFile.write(content, to: directory.file("content"))
            return (content, try TestFile.read(compressor.compress(directory.file("content"))))
        }
    }

    @Test(arguments: [Compressor.zstd, .xz, .bzip2, .lz4]) func whatIsAcceptedWasThere(compressor: Compressor) throws {
        let format = compressor.compression
        let made = try Self.members(by: compressor)
        let clock = Fuzzer.frames(format).start()
        var seed: UInt64 = 0
        var accepted = 0
        while seed < 150 || clock.goesOn {
            seed += 1
            var random = Seeded(seed)
            let chosen = made.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
            let (contents, members) = (chosen.map(\.content), chosen.map(\.bytes))
            let intact = try Self.decode(members.flatMap { $0 }, format, &random)
            #expect(
                intact == .content(contents.flatMap { $0 }, MemberFacts(count: members.count, allHaveChecksum: true)),
                "seed \(seed)")
            let file = GzipFuzzTests.mutate(members, &random)
            if file.isEmpty { continue }
            let outcome = try Self.decode(file, format, &random)
            #expect(try Self.decode(file, format, &random) == outcome, "seed \(seed)")
            guard case .content(let content, let facts) = outcome else { continue }
            accepted += 1
            // Where members are swapped, or the first one stands there once more.
            var swapped = contents
            swapped.swapAt(0, contents.count - 1)
            #expect(
                !facts.allHaveChecksum || Self.isMade(content[...], of: swapped[...])
                    || Self.isMade(content[...], of: (contents + [contents[0]])[...]), "seed \(seed)")
        }
        #expect(accepted > 20 && accepted < Int(seed) - 20)
    }
}
