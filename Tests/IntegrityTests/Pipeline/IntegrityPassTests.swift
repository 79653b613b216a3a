import Backups
import Testing

@testable import Integrity

/// Keeps what it is given, asks for checkpoints as told, and fails where told.
struct RecordingConsumer: ContentConsumer {
    var content: [UInt8] = []
    var isFinished = false
    var wantsCheckpoints = false
    var failure: (after: Int, error: any Error)?

    mutating func consume(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws -> Bool {
        guard offset == UInt64(content.count) else { throw Obstacle(.internalError, "gap at \(offset)") }
        content += bytes
        if let failure, content.count >= failure.after { throw failure.error }
        return wantsCheckpoints
    }

    mutating func finish() throws {
        isFinished = true
    }
}

@Suite struct IntegrityPassTests {
    private func pass(
        _ bytes: [UInt8], _ compression: Compression = .gzip, consumer: RecordingConsumer = RecordingConsumer(),
        limits: IntegrityLimits = IntegrityLimits(), cancellation: Cancellation = Cancellation()
    ) -> IntegrityPass<RecordingConsumer> {
        IntegrityPass(
            source: MemoryBytes(bytes, piece: 300_000), compression: compression, consumer: consumer, limits: limits,
            cancellation: cancellation)
    }

    @Test func digestsInflatesAndHandsOver() throws {
        var random = Seeded(1)
        let content = random.text(9_000_000)
        let file = ZlibOracle.member(content, level: 1)
        let pass = pass(file)
        let result = try pass.run()
        #expect(pass.consumer.content == content)
        #expect(pass.consumer.isFinished)
        #expect(result.storedBytes == UInt64(file.count))
        #expect(result.contentBytes == UInt64(content.count))
        #expect(result.members == 1)
        #expect(result.content == .proved)
        #expect(pass.stored == StoredFacts(size: result.storedBytes, sha256: result.sha256))
    }

    @Test func knowsTheDigestOfABC() throws {
        let result = try pass(Array("abc".utf8), .none).run()
        // FIPS 180-4's own example.
        #expect("\(result.sha256)" == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(result.contentBytes == 3)
        #expect(result.content == .unproved)
    }

    @Test func severalMembersDoNotProveTheContent() throws {
        let result = try pass(ZlibOracle.member([1]) + ZlibOracle.member([2])).run()
        #expect(result.members == 2)
        #expect(result.hasContentChecksum)
        #expect(result.content == .unproved)
    }

    @Test func damageNearerToTheBytesIsTheOneThatIsHeard() throws {
        var random = Seeded(2)
        let intact = ZlibOracle.member(random.text(6_000_000), level: 1)
        var consumer = RecordingConsumer()
        consumer.failure = (after: 10, error: ContentDamage("structure", .corrupt, "no SQL"))
        #expect { try self.pass(intact, consumer: consumer).run() } throws: {
            ($0 as? ContentDamage)?.check == "structure"
        }
        var damaged = intact
        damaged[intact.count - 7] ^= 4
        let pass = pass(damaged, consumer: consumer)
        #expect { try pass.run() } throws: { ($0 as? ContentDamage)?.check == "gzip" }
        #expect(pass.stored?.size == UInt64(intact.count))
    }

    @Test func damageAtTheStartDoesNotKeepTheDigestFromItsEnd() throws {
        var random = Seeded(3)
        let bytes = random.text(9_000_000)
        let whole = try pass(bytes, .none).run()
        let pass = pass(bytes)
        #expect(throws: ContentDamage.self) { try pass.run() }
        #expect(pass.stored?.sha256 == whole.sha256)
        #expect(!pass.consumer.isFinished)
    }

    @Test func contentBeyondTheLimitIsAnObstacle() throws {
        let bomb = ZlibOracle.member([UInt8](repeating: 0, count: 8_000_000))
        #expect(throws: Never.self) { try self.pass(bomb, limits: .init(maximumContentBytes: 8_000_000)).run() }
        #expect { try self.pass(bomb, limits: .init(maximumContentBytes: 7_999_999)).run() } throws: {
            ($0 as? Obstacle)?.reason == .outputTooLarge
        }
    }

    @Test(arguments: [Compression.none, .gzip])
    func anObstacleOfTheConsumerEndsAll(compression: Compression) throws {
        var random = Seeded(4)
        let content = random.text(20_000_000)
        var consumer = RecordingConsumer()
        consumer.failure = (after: 1, error: Obstacle(.diskFull, "no room"))
        let file = compression == .gzip ? ZlibOracle.member(content, level: 0) : content
        #expect { try self.pass(file, compression, consumer: consumer).run() } throws: {
            ($0 as? Obstacle)?.reason == .diskFull
        }
    }

    @Test func cancellationEndsAPassThatWaitsForItsSource() throws {
        let cancellation = Cancellation()
        let source = EndlessBytes { cancellation.cancel(Obstacle(.interrupted, "stop")) }
        let pass = IntegrityPass(
            source: source, compression: .none, consumer: RecordingConsumer(), cancellation: cancellation)
        #expect { try pass.run() } throws: { ($0 as? Obstacle)?.reason == .interrupted }
    }
}

/// Never ends; calls back after a while.
struct EndlessBytes: StoredBytes {
    let name = "endless"
    var size: UInt64? { nil }
    let afterAWhile: @Sendable () -> Void

    func makeReader(at offset: UInt64) throws -> any ByteReader { Reader(afterAWhile) }

    final class Reader: ByteReader {
        private let afterAWhile: @Sendable () -> Void
        private var reads = 0

        init(_ afterAWhile: @escaping @Sendable () -> Void) {
            self.afterAWhile = afterAWhile
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            reads += 1
            if reads == 10 { afterAWhile() }
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return buffer.count
        }
    }
}
