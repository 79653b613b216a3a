import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Where a tool put tablespaces, and where it says that it did.
@Suite struct RestoredTablespacesTests {
    private let directory: TemporaryDirectory
    private let tablespaces: RestoredTablespaces

    init() throws {
        directory = try TemporaryDirectory()
        tablespaces = RestoredTablespaces(data: directory.file("data"), work: directory.file("work"))
        for path in ["data", "data/pg_tblspc", "work", "work/0", "outside"] {
            try #require(mkdir(directory.file(path), 0o700) == 0)
        }
        try TestFile.write([1], to: directory.file("work/0/1"))
    }

    private func link(to target: String) { symlink(target, directory.file("data/pg_tblspc/16385")) }

    @Test func oneThatLiesWhereItIsToBeIsBroughtIn() throws {
        link(to: directory.file("work/0"))
        try tablespaces.settle()
        #expect(try TestFile.read(directory.file("data/pg_tblspc/16385/1")) == [1])
        #expect(!TestFile.exists(directory.file("work/0")))
    }

    @Test(arguments: ["work/../outside", "outside", "work/", "work/.", "work/..", "work/0/../../outside", "work/gone"])
    func noWayLeadsElsewhere(target: String) throws {
        link(to: "\(directory.file("data"))/../\(target)")
        #expect(throws: Obstacle.self) { try tablespaces.settle() }
        unlink(directory.file("data/pg_tblspc/16385"))
        link(to: directory.file(target))
        #expect(throws: Obstacle.self) { try tablespaces.settle() }
        #expect(TestFile.exists(directory.file("outside")))
    }

    @Test func aLinkInItsPlaceIsNotFollowed() throws {
        symlink(directory.file("outside"), directory.file("work/1"))
        link(to: directory.file("work/1"))
        #expect(throws: Obstacle.self) { try tablespaces.settle() }
    }

    @Test func aLinkInPlaceOfAllOfThemIsNotFollowed() throws {
        try Tool.run("rm", ["-r", directory.file("data/pg_tblspc")])
        try #require(symlink(directory.file("outside"), directory.file("data/pg_tblspc")) == 0)
        try #require(symlink(directory.file("work/0"), directory.file("outside/16385")) == 0)
        try tablespaces.settle()
        #expect(TestFile.exists(directory.file("work/0/1")))
    }
}
