import Backups
import Synchronization
import Testing

@testable import PostgreSQL

@Suite struct ObservedArchiveTests {
    private struct Names: WALArchiveSource {
        let name = "names"
        let count: Int

        func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
            for number in 0..<count {
                try visit(WALArchiveEntry(path: "\(number)", size: 1, modified: Timestamp(seconds: 0)))
            }
        }

        func open(_ path: String) throws -> any StoredBytes { throw Obstacle(.unreadable, "\(path) is not there") }
    }

    private final class Signs: ProgressObserver {
        let heard = Mutex<[String]>([])

        func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) { heard.withLock { $0.append("begin") } }
        func advance(_ stage: Stage, to completed: UInt64) { heard.withLock { $0.append("\(completed)") } }
        func end(_ stage: Stage) { heard.withLock { $0.append("end") } }
    }

    @Test func aListingThatComesOnGivesSigns() throws {
        let signs = Signs()
        let archive = ObservedArchive(Names(count: 2500), signs).ended(by: Cancellation())
        var seen = 0
        try archive.list { _ in seen += 1 }
        #expect(seen == 2500 && signs.heard.withLock { $0 } == ["begin", "1000", "2000", "end"])
        #expect(throws: CancellationError.self) { try archive.list { _ in throw CancellationError() } }
        #expect(signs.heard.withLock { $0.suffix(2) } == ["begin", "end"])
        #expect(archive.name == "names" && !archive.resumes && archive.readers == 1)
    }
}
