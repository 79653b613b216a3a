import Backups
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Locations

@Suite struct DirectoryLocationTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func make(_ path: String, _ text: String = "x") throws {
        try Tool.run("mkdir", ["-p", directory.file(path.split(separator: "/").dropLast().joined(separator: "/"))])
        _ = try directory.write(text, to: path)
    }

    private func paths() throws -> [String] {
        try DirectoryLocation(directory.path).list().entries.map(\.path).sorted()
    }

    @Test func filesOfAllDirectoriesAreFound() throws {
        try make("a.sql")
        try make("one/b.sql", "12345")
        try make("one/two/c d\n.sql")
        let listing = try DirectoryLocation(directory.path + "/").list()
        #expect(listing.entries.map(\.path).sorted() == ["a.sql", "one/b.sql", "one/two/c d\n.sql"])
        #expect(listing.entries.first { $0.path == "one/b.sql" }?.identity.sizeBytes == 5)
        #expect(listing.skipped.isEmpty)
    }

    @Test func manifestsAndHiddenNamesAreNoBackups() throws {
        try make("a.sql")
        try make("b.sql")
        try make("a.sql.manifest.json")
        try make(".a.sql.partial")
        let listing = try DirectoryLocation(directory.path).list()
        #expect(listing.entries.map(\.path).sorted() == ["a.sql", "b.sql"])
        #expect(listing.entries.filter(\.hasManifest).map(\.path) == ["a.sql"])
    }

    @Test func aDirectoryDumpIsOneBackup() throws {
        try make("shop.dir/toc.dat", "123")
        try make("shop.dir/3001.dat.gz", "4567")
        let listing = try DirectoryLocation(directory.path).list()
        #expect(listing.entries.map(\.path) == ["shop.dir"])
        #expect(listing.entries.first?.identity.sizeBytes == 7)
    }

    @Test func linksAreFollowedAndLoopsHarmless() throws {
        try make("one/a.sql")
        try Tool.run("ln", ["-s", directory.path, directory.file("one/back")])
        try Tool.run("ln", ["-s", "a.sql", directory.file("one/latest.sql")])
        try Tool.run("ln", ["-s", "nowhere", directory.file("one/dangling.sql")])
        #expect(try paths() == ["one/a.sql", "one/latest.sql"])
    }

    /// Links to files, hard ones too, and to directories that are one backup: their bytes lie there once.
    @Test func aFileOfManyPathsIsToldToBeOne() throws {
        try make("a.sql")
        try make("b.sql")
        try make("dir/toc.dat")
        try Tool.run("ln", ["-s", "a.sql", directory.file("a-latest.sql")])
        try Tool.run("ln", [directory.file("a.sql"), directory.file("a-hard.sql")])
        try Tool.run("ln", ["-s", "dir", directory.file("dir-latest")])
        let entries = try DirectoryLocation(directory.path).list().entries
        let shared = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0.shared) })
        #expect(shared.count == 6 && shared["b.sql"] == .some(nil))
        #expect(shared["a.sql"]??.number == shared["a-latest.sql"]??.number)
        #expect(shared["a.sql"]??.number == shared["a-hard.sql"]??.number)
        #expect(shared["dir"]??.number == shared["dir-latest"]??.number && shared["dir"]??.number != nil)
        #expect(shared["dir"]??.number != shared["a.sql"]??.number)
        #expect(Set(shared.filter { $0.value?.isLink == true }.keys) == ["a-latest.sql", "dir-latest"])
    }

    @Test func aNameThatIsNoTextIsLeftOut() throws {
        try make("a.sql")
        try Tool.shell(#"cd "$1" && : > "$(printf 'b\377.sql')""#, [directory.path])
        #expect(try paths() == ["a.sql"])
    }

    @Test func whatIsNotThereIsNotEmpty() {
        #expect(throws: Obstacle.self) { try DirectoryLocation(directory.file("nowhere")).list() }
        #expect(throws: Obstacle.self) { try DirectoryLocation("/etc/hostname").list() }
    }

    @Test(.enabled(if: geteuid() != 0, "root reads everything")) func whatMayNotBeReadIsNamed() throws {
        try make("a.sql")
        try make("closed/b.sql")
        chmod(directory.file("closed"), 0)
        defer { chmod(directory.file("closed"), 0o755) }
        let listing = try DirectoryLocation(directory.path).list()
        #expect(listing.entries.map(\.path) == ["a.sql"])
        #expect(listing.skipped == [directory.file("closed")])
    }

    /// NFS, SMB, FUSE, 9p, virtiofs, Ceph, /proc, and none at all.
    @Test(arguments: [0x6969, 0xFE53_4D42, 0x6573_5546, 0x0102_1997, 0x6A65_6A63, 0x00C3_6400, 0x9FA0, 0] as [UInt32])
    func aFileServerHasAClockOfItsOwn(type: UInt32) {
        #expect(!LocalFileSystem.isLocal(type: type))
        #expect(LocalFileSystem.isLocal(type: 0xEF53))
    }

    @Test func whoseClockItIsIsAskedOfTheFileSystem() throws {
        try make("one/a.sql")
        try make("shop.dir/toc.dat", "123")
        #expect(!LocalFileSystem.holds("/proc") && !LocalFileSystem.holds(directory.file("nowhere")))
        #expect(LocalFileSystem.holds("/dev/shm"))
        let file = directory.file("one/a.sql")
        #expect(try DirectoryLocation(directory.path).list().hasOwnTime == LocalFileSystem.holds(file))
        for isLocal in [true, false] {
            #expect(try DirectoryLocation(directory.path, isLocal: { _ in isLocal }).list().hasOwnTime == isLocal)
        }
        // A link leads to another file system.
        try Tool.run("ln", ["-s", "/proc/version", directory.file("one/b.sql")])
        #expect(
            try DirectoryLocation(directory.path, isLocal: { $0 != directory.file("one/b.sql") }).list().hasOwnTime
                == false)
    }

    @Test func manyFilesAreListed() throws {
        try Tool.shell(#"cd "$1" && seq -f 'shop-%06.0f.sql.gz' 1 100000 | xargs touch"#, [directory.path])
        #expect(try paths().count == 100_000)
    }

    private final class Rotation: Sendable {
        let isDone = Mutex(false)
    }

    /// Rotation removes a day's directory while it is looked at: it is not there, and not closed.
    @Test func aDirectoryThatVanishesMeanwhileIsNotClosed() throws {
        try make("kept/a.sql")
        for number in 0..<60 { try make("kept/\(number)/a.sql") }
        let rotation = Rotation()
        let day = directory.file("day")
        Thread.detachNewThread {
            while !rotation.isDone.withLock({ $0 }) {
                mkdir(day, 0o755)
                rmdir(day)
            }
        }
        defer { rotation.isDone.withLock { $0 = true } }
        for _ in 0..<500 {
            let listing = try DirectoryLocation(directory.path).list()
            #expect(listing.skipped == [] && listing.entries.count == 61)
        }
    }
}
