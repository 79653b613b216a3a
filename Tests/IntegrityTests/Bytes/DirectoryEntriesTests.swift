import Backups
import Glibc
import TestSupport
import Testing

@testable import Integrity

/// What can't be looked at: only what leads to nothing is passed over.
@Suite struct DirectoryEntriesTests {
    enum Answer {
        case gone, closed, trouble
    }

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["a", "b", "c"] { try TestFile.write([1], to: directory.file(name)) }
    }

    static let errors: [(code: Int32, answer: Answer)] = [
        (ENOENT, .gone), (ENOTDIR, .gone), (ELOOP, .gone), (EACCES, .closed), (EPERM, .closed), (EIO, .trouble),
        (ESTALE, .trouble), (EOVERFLOW, .trouble), (ENOTCONN, .trouble), (ETIMEDOUT, .trouble), (ENOMEM, .trouble),
    ]

    @Test(arguments: errors) func anErrorIsWhatItIs(code: Int32, answer: Answer) throws {
        func look(failing: String?) throws -> DirectoryEntries {
            try DirectoryEntries(directory.path, where: { $0 != "c" }) { descriptor, name, status in
                guard name == failing else { return fstatat(descriptor, name, &status, 0) }
                errno = code
                return -1
            }
        }
        let intact = try look(failing: nil)
        #expect(intact.entries.map(\.name).sorted() == ["a", "b"] && intact.closed == [])
        #expect(intact.entries.allSatisfy { !$0.isDirectory && $0.size == 1 })
        guard answer != .trouble else {
            let error = #expect(throws: UnlistedDirectory.self) { try look(failing: "b") }
            #expect(error?.path == directory.file("b") && error?.isGone == false && error?.isDenied == false)
            #expect(error?.obstacle.reason == .unreadable && error?.obstacle.hint != nil)
            return
        }
        let found = try look(failing: "b")
        #expect(found.entries.map(\.name) == ["a"] && found.names.sorted() == ["a", "b"])
        #expect(found.closed == (answer == .closed ? ["b"] : []))
    }

    @Test func whatIsNoDirectoryIsNotThere() throws {
        #expect(try DirectoryEntries.ifThere(directory.path) != nil)
        for path in [directory.file("none"), directory.file("a")] {
            #expect(try DirectoryEntries.ifThere(path) == nil)
            #expect(throws: UnlistedDirectory.self) { try DirectoryEntries(path) }
        }
    }
}
