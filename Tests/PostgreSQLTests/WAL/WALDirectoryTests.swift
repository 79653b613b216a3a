import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// An archive in a directory: a segment that can't be looked at is not a missing one.
@Suite struct WALDirectoryTests {
    private static let names = ["000000010000000000000001", "sub/000000010000000000000002"]

    private let directory: TemporaryDirectory
    private let root: String

    init() throws {
        directory = try TemporaryDirectory()
        root = directory.file("wal")
        try Tool.shell(
            #"""
            mkdir -p "$1/wal/sub" "$1/closed" && cd "$1/wal"
            touch 000000010000000000000001 sub/000000010000000000000002 .hidden ../closed/000000010000000000000003
            ln -s nowhere dangling && ln -s itself itself && ln -s .. sub/back
            chmod 700 ../closed
            """#, [directory.path])
    }

    private func names() throws -> [String] {
        var names: [String] = []
        try OtherUser.run { try WALDirectory(root).list { names.append($0.path) } }
        return names.sorted()
    }

    @Test func whatIsThereIsListed() throws {
        #expect(try names() == Self.names)
    }

    /// A file system of its own has one at its root, which is for root alone (mklost+found(8)).
    @Test func theFileSystemsOwnDirectoryIsNoTrouble() throws {
        try Tool.shell(#"mkdir "$1/lost+found" && chmod 700 "$1/lost+found""#, [root])
        #expect(try names() == Self.names)
        // Another one that is closed is.
        try Tool.shell(#"mkdir "$1/shut" && chmod 700 "$1/shut""#, [root])
        let error = #expect(throws: Obstacle.self) { try names() }
        #expect(error?.reason == .unreadable && error?.message.contains("/shut") == true)
    }

    @Test func aSegmentThatCanNotBeLookedAtIsNotMissing() throws {
        #expect(try names() == Self.names)
        let segment = "000000010000000000000003"
        try Tool.run("ln", ["-s", "\(directory.path)/closed/\(segment)", "\(root)/\(segment)"])
        let error = #expect(throws: Obstacle.self) { try names() }
        #expect(error?.reason == .unreadable && error?.message.contains(segment) == true)
    }

    @Test func anArchiveThatIsNotThereIsNotEmpty() throws {
        for path in [directory.file("none"), "\(root)/000000010000000000000001"] {
            let error = #expect(throws: Obstacle.self) { try WALDirectory(path).list { _ in } }
            #expect(error?.reason == .unreadable)
        }
    }
}
