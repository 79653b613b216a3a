import Backups
import Glibc
import TestSupport
import Testing

@testable import Locations

/// What lies in a directory and can't be looked at is not taken for what is not there.
@Suite struct UnreadableEntriesTests {
    private let directory: TemporaryDirectory
    private let root: String

    init() throws {
        directory = try TemporaryDirectory()
        root = directory.file("backups")
        try Tool.shell(
            #"""
            mkdir -p "$1/backups/one" "$1/closed" && cd "$1/backups"
            touch a.sql one/b.sql ../closed/c.sql
            # What leads to nothing: nowhere, to itself, through a file, by a name that no file can have.
            ln -s nowhere dangling.sql && ln -s itself.sql itself.sql && ln -s a.sql/x through.sql
            ln -s "$(printf '%0300d' 1)" long.sql
            chmod 700 ../closed
            """#, [directory.path])
    }

    private func objects() throws -> [String] {
        try OtherUser.run {
            try DirectoryLocation(root).objects(cancellation: Cancellation()).map(\.path)
        }
    }

    @Test func whatLeadsToNothingIsNotThere() throws {
        #expect(try objects() == ["a.sql", "one/b.sql"])
        let listing = try OtherUser.run { try DirectoryLocation(root).list() }
        #expect(listing.entries.map(\.path).sorted() == ["a.sql", "one/b.sql"] && listing.skipped == [])
    }

    /// Whether a file lies where a link leads can't be told: nobody may conclude that it is gone.
    @Test(arguments: ["", "one/"]) func whatCanNotBeLookedAtIsTold(place: String) throws {
        #expect(try objects().count == 2)
        let link = "\(root)/\(place)z.sql"
        try Tool.run("ln", ["-s", "\(directory.path)/closed/c.sql", link])
        let error = #expect(throws: Obstacle.self) { try objects() }
        #expect(error?.reason == .unreadable && error?.message.contains(link) == true)
        let listing = try OtherUser.run { try DirectoryLocation(root).list() }
        #expect(listing.entries.map(\.path).sorted() == ["a.sql", "one/b.sql"] && listing.skipped == [link])
    }

    @Test func aClosedDirectoryIsTold() throws {
        try Tool.shell(#"mkdir "$1/shut" && chmod 700 "$1/shut""#, [root])
        #expect(throws: Obstacle.self) { try objects() }
        #expect(try OtherUser.run { try DirectoryLocation(root).list().skipped } == ["\(root)/shut"])
    }

    /// Of a base backup or a directory dump, too: its size would be another one.
    @Test(arguments: ["toc.dat", "backup_manifest"]) func aPartThatCanNotBeLookedAtIsTold(mark: String) throws {
        try Tool.shell(
            #"mkdir "$1/dump" && cd "$1/dump" && touch "$3" 1.dat && ln -s "$2/closed/c.sql" 2.dat"#,
            [root, directory.path, mark])
        let listing = try OtherUser.run { try DirectoryLocation(root).list() }
        #expect(listing.entries.map(\.path).sorted() == ["a.sql", "dump", "one/b.sql"])
        #expect(listing.skipped == ["\(root)/dump/2.dat"])
    }
}
