import Backups
import Glibc
import Testing

@testable import Integrity

extension StoredBytes {
    /// All bytes from `offset` on.
    func readAll(from offset: UInt64 = 0) throws -> [UInt8] {
        let reader = try makeReader(at: offset)
        var buffer = [UInt8](repeating: 0, count: 10_000)
        var all: [UInt8] = []
        while true {
            let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }
}

private func reason(_ body: () throws -> Void) -> Reason? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Obstacle)?.reason
    }
}

@Suite struct FileBytesTests {
    private let directory = SpoolDirectory()
    private let bytes: [UInt8]

    init() {
        var random = Seeded(31)
        bytes = random.text(50_000)
    }

    @Test func readsFromAnyOffset() throws {
        let file = try FileBytes(directory.write(bytes, to: "f"))
        #expect(file.size == 50_000)
        for offset in [0, 1, 9_999, 49_999, 50_000, 60_000] {
            #expect(try file.readAll(from: UInt64(offset)) == Array(bytes.dropFirst(offset)))
        }
    }

    @Test(arguments: ["shrinks", "grows", "is written to"]) func aFileThatChangesIsAnObstacle(how: String) throws {
        let path = directory.write(bytes, to: "f")
        let file = try FileBytes(path)
        #expect(try file.readAll() == bytes)
        switch how {
        case "shrinks": truncate(path, 20_000)
        case "grows": truncate(path, 60_000)
        default:
            let descriptor = open(path, O_WRONLY)
            pwrite(descriptor, "x", 1, 7)
            // The clock of the file system is coarse; this is later whatever it says.
            var times = [timespec(tv_sec: 2_000_000_000, tv_nsec: 0), timespec(tv_sec: 2_000_000_000, tv_nsec: 0)]
            futimens(descriptor, &times)
            close(descriptor)
        }
        #expect(reason { _ = try file.readAll() } == .changedWhileReading)
    }

    /// What looks like damage is none in a file that someone writes to.
    @Test func aChangedFileIsNeverCalledDamaged() throws {
        let path = directory.write(ZlibOracle.member(bytes), to: "f")
        let file = try FileBytes(path)
        #expect(throws: Never.self) {
            try IntegrityPass(source: file, compression: .gzip, consumer: RecordingConsumer()).run()
        }
        truncate(path, 5_000)
        let pass = IntegrityPass(source: file, compression: .gzip, consumer: RecordingConsumer())
        #expect(reason { _ = try pass.run() } == .changedWhileReading)
    }

    @Test func whatIsNoFileIsAnObstacle() {
        #expect(reason { _ = try FileBytes("\(directory.path)/nothing") } == .unreadable)
        #expect(reason { _ = try FileBytes(directory.path) } == .unreadable)
        #expect(reason { _ = try FileBytes("/dev/null") } == .unreadable)
    }
}

@Suite struct SpooledBytesTests {
    private let directory = SpoolDirectory()
    private let bytes: [UInt8]

    init() {
        var random = Seeded(32)
        bytes = random.text(300_000)
    }

    @Test func readersSeeTheSameInAnyOrder() throws {
        let spool = try SpooledBytes(MemoryBytes(bytes, piece: 7_000), directory: directory.path)
        #expect(directory.names.isEmpty)
        #expect(spool.size == nil)
        let first = try spool.makeReader(at: 0)
        var buffer = [UInt8](repeating: 0, count: 30_000)
        #expect(try buffer.withUnsafeMutableBytes { try first.read(into: $0) } == 7_000)
        #expect(try spool.readAll(from: 200_000) == Array(bytes.dropFirst(200_000)))
        #expect(try spool.readAll() == bytes)
        #expect(spool.size == 300_000)
        #expect(try buffer.withUnsafeMutableBytes { try first.read(into: $0) } == 30_000)
        #expect(buffer == Array(bytes[7_000..<37_000]))
    }

    @Test func aNamedSpoolIsThereUntilItGoes() throws {
        var spool: SpooledBytes? = try SpooledBytes(MemoryBytes(bytes), directory: directory.path, keepsName: true)
        try spool?.fetch(cancellation: Cancellation())
        #expect(directory.names.allSatisfy { $0.hasPrefix("restorable-spool-") })
        #expect(try FileBytes(#require(spool?.path)).readAll() == bytes)
        spool = nil
        #expect(directory.names.isEmpty)
    }

    @Test func standardInputIsReadOnceAndSpooled() throws {
        let path = directory.write(ZlibOracle.member(bytes), to: "in")
        let input = DescriptorBytes(open(path, O_RDONLY), ownsDescriptor: true, cancellation: Cancellation())
        let spool = try SpooledBytes(input, directory: directory.path)
        #expect(try FormatSniffer.sniff(spool).refusal != nil)
        var consumer = RecordingConsumer()
        consumer.wantsCheckpoints = true
        let pass = IntegrityPass(source: spool, compression: .gzip, consumer: consumer)
        let result = try pass.run()
        #expect(pass.consumer.content == bytes)
        #expect(reason { _ = try input.makeReader(at: 0) } == .internalError)
        let content = CheckpointedContent(source: spool, compression: .gzip, checkpoints: result.checkpoints)
        let reader = try content.open(at: 299_999)
        var last: [UInt8] = [0, 0]
        #expect(try last.withUnsafeMutableBytes { try reader.read(into: $0) } == 1)
        #expect(last[0] == bytes[299_999])
    }

    @Test func cancellationWakesAReaderOfAPipeThatIsSilent() throws {
        let pipe = try DescriptorPipe.make()
        defer { close(pipe.write) }
        let cancellation = Cancellation()
        let input = DescriptorBytes(pipe.read, ownsDescriptor: true, cancellation: cancellation)
        let canceller = try StageThread { cancellation.cancel(Obstacle(.interrupted, "stop")) }
        #expect(reason { _ = try input.readAll() } == .interrupted)
        canceller.join()
    }
}

@Suite struct FilteredBytesTests {
    private let bytes: [UInt8]

    init() {
        var random = Seeded(33)
        bytes = random.text(700_000)
    }

    private func filtered(_ command: String, cancellation: Cancellation = Cancellation()) -> FilteredBytes {
        FilteredBytes(
            command: command, source: MemoryBytes(bytes), launcher: SpawnedFilter(), cancellation: cancellation)
    }

    @Test func givesTheOutputAndTheFactsOfTheInput() throws {
        let plain = try IntegrityPass(source: MemoryBytes(bytes), compression: .none, consumer: RecordingConsumer())
            .run()
        let source = filtered("tr 'a-z' 'A-Z'")
        #expect(source.factsBeforeFilter == nil)
        let pass = IntegrityPass(source: source, compression: .none, consumer: RecordingConsumer())
        let result = try pass.run()
        #expect(pass.consumer.content == bytes.map { (0x61...0x7A).contains($0) ? $0 - 32 : $0 })
        #expect(result.sha256 == plain.sha256)
        #expect(result.storedBytes == 700_000)
    }

    @Test func aFilterThatFailsSaysWhy() throws {
        let source = filtered("cat > /dev/null; echo 'no secret key' >&2; exit 2")
        do {
            _ = try source.readAll()
            Issue.record("nothing thrown")
        } catch let obstacle as Obstacle {
            #expect(obstacle.reason == .filterFailed)
            #expect(obstacle.message == "the filter ended with exit status 2: no secret key")
        }
    }

    /// docs/security.md says how much of what a filter says is told: it stands in reports.
    @Test(arguments: [
        ("for i in 1 2 3 4 5 6; do echo line $i >&2; done; exit 1", "line 3; line 4; line 5; line 6"),
        ("printf 'gone%05000d' 0 >&2; exit 1", String(repeating: "0", count: 100)),
        (
            "for i in 1 2 3 4; do printf '%0200d\\n' $i >&2; done; exit 1",
            String(repeating: "0", count: 94) + String(repeating: "; " + String(repeating: "0", count: 100), count: 3)
        ),
        ("printf 'a\\033[31mb\\nc\\n' >&2; exit 1", "a·[31mb; c"),
    ])
    func littleIsToldOfWhatAFilterSays(command: String, told: String) throws {
        let error = #expect(throws: Obstacle.self) { try filtered("cat > /dev/null; \(command)").readAll() }
        #expect(error?.message == "the filter ended with exit status 1: \(told)")
        // One that succeeds is not quoted at all: its output is all that there is of it.
        let quiet = filtered("echo swordfish >&2; cat")
        _ = try quiet.readAll()
    }

    @Test(arguments: ["head -c 10", "true", "cat; exit 1", "kill -9 $$", "no-such-command-here"])
    func aFilterThatEndsEarlyOrBadlyIsAnObstacle(command: String) throws {
        let source = filtered(command)
        #expect(reason { _ = try source.readAll() } == .filterFailed)
        #expect(source.factsBeforeFilter == nil)
    }

    @Test func cancellationEndsAFilterThatHangs() throws {
        let cancellation = Cancellation()
        let source = filtered("exec sleep 1000", cancellation: cancellation)
        let reader = try source.makeReader(at: 0)
        let canceller = try StageThread { cancellation.cancel(Obstacle(.interrupted, "stop")) }
        var buffer = [UInt8](repeating: 0, count: 10)
        #expect(reason { _ = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) } } == .interrupted)
        canceller.join()
    }

    @Test func aReaderThatIsDroppedEndsItsFilter() throws {
        let source = filtered("yes")
        var buffer = [UInt8](repeating: 0, count: 10)
        let reader = try source.makeReader(at: 0)
        #expect(try buffer.withUnsafeMutableBytes { try reader.read(into: $0) } == 10)
    }
}
