import Backups
import Testing

@testable import Integrity

@Suite struct GzipDecoderTests {
    @Test(arguments: [1, 2, 3, 7, 13, 64, 4096, 1 << 20])
    func inflatesMembersWhereverTheInputIsSplit(piece: Int) throws {
        var random = Seeded(UInt64(piece))
        let contents = [random.text(3000), [], random.text(100_000), random.text(1), random.text(70_000)]
        let headers = [
            ZlibOracle.Header(), .init(name: "shop.sql", checksum: true),
            .init(name: "a", comment: "b", extra: random.text(300), checksum: true), .init(extra: [1]),
            .init(comment: String(repeating: "long ", count: 500), checksum: true),
        ]
        let file = zip(contents, headers).flatMap { ZlibOracle.member($0, header: $1) }
        let (content, facts) = try Decoded.contentAndFacts(file, piece: piece)
        #expect(content == contents.flatMap { $0 })
        #expect(facts == MemberFacts(count: 5, allHaveChecksum: true))
        #expect(try Decoded.content(file, piece: piece, room: 1000) == content)
    }

    @Test(arguments: [Int32(0), 1, 6, 9], [UInt64(1), 2, 3])
    func agreesWithZlib(level: Int32, seed: UInt64) throws {
        var random = Seeded(seed)
        let content = random.text(Int.random(in: 1...400_000, using: &random))
        let file = ZlibOracle.member(content, level: level) + ZlibOracle.member(random.text(50), level: level)
        #expect(try Decoded.content(file, piece: 5000) == ZlibOracle.inflate(file))
    }

    @Test func emptyContentIsEmpty() throws {
        #expect(try Decoded.content(ZlibOracle.member([])).isEmpty)
    }

    @Test(arguments: [1, 5, 1 << 20])
    func everyCutIsTruncation(piece: Int) throws {
        var random = Seeded(4)
        let first = ZlibOracle.member(random.text(700), header: .init(name: "x", checksum: true))
        let file = first + ZlibOracle.member(random.text(900))
        #expect(try Decoded.damage(file, piece: piece) == nil)
        for length in 1..<file.count {
            let damage = try Decoded.damage(Array(file.prefix(length)), piece: piece)
            // Cut between two members, nothing shows it.
            #expect(damage?.reason == (length == first.count ? nil : .truncated), "cut at \(length): \(damage as Any)")
        }
    }

    @Test func everyFlippedBitIsJudgedAsZlibDoes() throws {
        var random = Seeded(5)
        let file = ZlibOracle.member(random.text(400), header: .init(name: "shop")) + ZlibOracle.member(random.text(90))
        for bit in 0..<file.count * 8 {
            var flipped = file
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let theirs = try? ZlibOracle.inflate(flipped)
            let damage = try Decoded.damage(flipped, piece: 100)
            #expect((damage == nil) == (theirs != nil), "bit \(bit) of byte \(bit / 8): \(damage as Any)")
            if theirs != nil { #expect(try Decoded.content(flipped, piece: 100) == theirs) }
        }
    }

    @Test func wrongChecksumAndWrongLengthAreTold() throws {
        let file = ZlibOracle.member(Array("hello, hello".utf8))
        var wrong = file
        wrong[file.count - 6] ^= 1
        #expect(try Decoded.damage(wrong)?.message.contains("CRC-32") == true)
        wrong = file
        wrong[file.count - 2] ^= 1
        let damage = try Decoded.damage(wrong)
        #expect(damage?.reason == .checksumMismatch)
        #expect(damage?.message.contains("length") == true)
    }

    @Test func bytesAfterTheLastMemberFailAndZerosDoNot() throws {
        let content = Array("content".utf8)
        let file = ZlibOracle.member(content)
        for junk in ["x", "\u{1}", "\nhello", "BZh9", String(repeating: "junk", count: 3000)] {
            #expect(try Decoded.damage(file + Array(junk.utf8))?.reason == .trailingBytes)
            #expect(try Decoded.damage(file + [0, 0, 0] + Array(junk.utf8))?.reason == .trailingBytes)
        }
        #expect(try Decoded.content(file + [UInt8](repeating: 0, count: 9000)) == content)
        #expect(try Decoded.damage([0, 0] + file)?.reason == .corrupt)
    }

    @Test func reservedFlagsAndForeignMethodsAreRefused() throws {
        var file = ZlibOracle.member([1, 2, 3])
        file[3] |= 0x20
        #expect(try Decoded.damage(file)?.reason == .corrupt)
        file[3] = 0
        file[2] = 7
        #expect(try Decoded.damage(file)?.reason == .corrupt)
    }
}
