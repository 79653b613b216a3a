import Backups
import Foundation
import Glibc
import Processes
import Synchronization
import TestSupport
import Testing

@testable import Locations

/// A directory in which others write, rename and remove while it is listed: what holds still is found, once, each time, and
/// what comes and goes is no trouble.
@Suite struct ChangingDirectoryTests {
    /// What others do to it, again and again, on a thread of its own.
    private final class Traffic: Sendable {
        private let isDone = Mutex(false)
        private let ended = SignalledOnce<Bool>()
        private let root: String

        init(in root: String) {
            self.root = root
            Thread.detachNewThread { [self] in
                while !isDone.withLock({ $0 }) { work() }
                ended.set(true)
            }
        }

        func end() {
            isDone.withLock { $0 = true }
            _ = ended.wait()
        }

        private func work() {
            let (day, old) = ("\(root)/day", "\(root)/old")
            mkdir(day, 0o755)
            // One grows, and gets its name when it is done.
            for _ in 0..<5 { append("\(day)/b.sql.part") }
            rename("\(day)/b.sql.part", "\(day)/b.sql")
            symlink("..", "\(day)/loop")
            rename(day, old)
            unlink("\(old)/b.sql")
            unlink("\(old)/loop")
            rmdir(old)
            // What was a directory is a file a moment later.
            mkdir("\(root)/turn", 0o755)
            rmdir("\(root)/turn")
            append("\(root)/turn")
            unlink("\(root)/turn")
        }

        private func append(_ path: String) {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { return }
            _ = "some rows\n".withCString { write(descriptor, $0, 10) }
            close(descriptor)
        }
    }

    private let directory: TemporaryDirectory
    private let stable: Set<String>

    init() throws {
        directory = try TemporaryDirectory()
        stable = Set((0..<60).map { "kept/\($0)/a.sql" })
        mkdir(directory.file("kept"), 0o755)
        for path in stable {
            mkdir(directory.file(String(path.dropLast("/a.sql".count))), 0o755)
            try TestFile.write([120], to: directory.file(path))
        }
    }

    private func expectAll(_ paths: [String]) {
        #expect(stable.isSubset(of: paths) && Set(paths).count == paths.count)
    }

    @Test func backupsAreFoundWhateverElseHappens() throws {
        let location = DirectoryLocation(directory.path)
        expectAll(try location.list().entries.map(\.path))
        let traffic = Traffic(in: directory.path)
        defer { traffic.end() }
        for _ in 0..<400 {
            let listing = try location.list()
            #expect(listing.skipped == [])
            expectAll(listing.entries.map(\.path))
        }
    }

    @Test func objectsAreFoundWhateverElseHappens() throws {
        let location = DirectoryLocation(directory.path)
        expectAll(try location.objects(cancellation: Cancellation()).map(\.path))
        let traffic = Traffic(in: directory.path)
        defer { traffic.end() }
        for _ in 0..<400 { expectAll(try location.objects(cancellation: Cancellation()).map(\.path)) }
    }

    @Test func aDirectoryThatIsNotThereIsNoEmptyOne() throws {
        let location = DirectoryLocation(directory.file("none"))
        #expect(throws: Obstacle.self) { try location.list() }
        #expect(throws: Obstacle.self) { try location.objects(cancellation: Cancellation()) }
    }
}
