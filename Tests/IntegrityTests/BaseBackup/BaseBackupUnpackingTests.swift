import Backups
import Glibc
import TestSupport
import Testing

@testable import Integrity

/// What is unpacked is what was packed, and nothing that an archive holds gets out of the directory it is unpacked into.
@Suite struct BaseBackupUnpackingTests {
    @Test(arguments: [BaseBackupCorpus.Layout.plain, .tar, .tarOfGzip])
    func whatIsUnpackedIsWhatWasPacked(layout: BaseBackupCorpus.Layout) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(layout, in: directory)
        let destination = directory.file("data")
        mkdir(destination, 0o700)
        let result = try BaseBackupPass(path: path, destination: destination).run()
        #expect(result.allChecks.allSatisfy { $0.verdict == .verified })
        // PostgreSQL's own tool says whether all is there, tablespaces included.
        try Tool.run("/bin/cp", ["\(path)/backup_manifest", destination])
        let tool = try BaseBackupCorpus.installation(15).tool("pg_verifybackup")
        #expect(try Tool.attempt(tool, ["--no-parse-wal", destination]).status == 0)
        let segments = try TestFile.names(in: "\(destination)/pg_wal").filter { $0.count == 24 }
        #expect(!segments.isEmpty)
    }

    struct Trap: Sendable, CustomTestStringConvertible {
        let name: String
        /// Python, with `add(name, type, linkname)`.
        let members: String
        var testDescription: String { name }
    }

    static let traps = [
        Trap(name: "a name that climbs", members: "add('../escaped')"),
        Trap(name: "a name that climbs from below", members: "add('base/../../escaped')"),
        Trap(name: "an absolute name", members: "add(outside + '/escaped')"),
        Trap(
            name: "a link out, and a file through it",
            members: "add('base/out', tarfile.SYMTYPE, outside); add('base/out/escaped')"),
        Trap(
            name: "a tablespace that leads out, and a file through it",
            members: "add('pg_tblspc/1', tarfile.SYMTYPE, outside); add('pg_tblspc/1/escaped')"),
        Trap(name: "a hard link", members: "add('base/hard', tarfile.LNKTYPE, outside + '/secret')"),
        Trap(name: "a device", members: "add('base/device', tarfile.CHRTYPE)"),
        Trap(name: "a pipe", members: "add('base/pipe', tarfile.FIFOTYPE)"),
        Trap(name: "a file twice", members: "add('base/same'); add('base/same')"),
    ]

    /// A real `pg_control`: without one it is no backup.
    private func control() throws -> String { try Self.control.get().file("backup/global/pg_control") }

    private static let control = Result {
        let directory = try TemporaryDirectory()
        try BaseBackupCorpus.make(.plain, in: directory)
        return directory
    }

    @Test(arguments: traps)
    func nothingGetsOut(trap: Trap) throws {
        let directory = try TemporaryDirectory()
        let outside = directory.file("outside")
        mkdir(outside, 0o700)
        _ = try directory.write("secret", to: "outside/secret")
        let backup = directory.file("backup")
        mkdir(backup, 0o700)
        let script = """
            import io, sys, tarfile
            outside = sys.argv[2]
            with tarfile.open(sys.argv[1], 'w', format=tarfile.USTAR_FORMAT) as tar:
                def add(name, type=tarfile.REGTYPE, link=''):
                    info = tarfile.TarInfo(name)
                    info.type, info.linkname = type, link
                    content = b'15\\n' if type == tarfile.REGTYPE else b''
                    if name == 'global/pg_control': content = open(sys.argv[3], 'rb').read()
                    info.size = len(content)
                    tar.addfile(info, io.BytesIO(content))
                add('PG_VERSION')
                add('global', tarfile.DIRTYPE)
                add('global/pg_control')
                add('base', tarfile.DIRTYPE)
                add('pg_tblspc', tarfile.DIRTYPE)
                \(trap.members)
            """
        try Tool.run("python3", ["-c", script, "\(backup)/base.tar", outside, try control()])
        let destination = directory.file("data")
        mkdir(destination, 0o700)
        let before = try Tool.shell(
            "cd \"$1\" && find . ! -path './data*' -printf '%p %s %y\\n' | sort", [directory.path])
        let result = try BaseBackupPass(path: backup, destination: destination).run()
        let after = try Tool.shell(
            "cd \"$1\" && find . ! -path './data*' -printf '%p %s %y\\n' | sort", [directory.path])
        #expect(before.outputText == after.outputText)
        #expect(try TestFile.text("\(outside)/secret") == "secret")
        #expect(try Tool.shell("find \"$1\" ! -type f ! -type d", [destination]).outputText.isEmpty)
        // A link where tablespaces are linked is what a server makes; it is not followed, which is all that matters.
        let isHarmless = trap.name.hasPrefix("a tablespace")
        #expect(result.allChecks.contains { $0.verdict == .failed } == !isHarmless)
    }

    private func makeBackup(_ directory: TemporaryDirectory, bytes: Int) throws -> String {
        let (data, backup) = (directory.file("made"), directory.file("backup"))
        try Tool.shell(
            "mkdir -p \"$1/base/1\" \"$1/global\" \"$2\" && echo 15 >\"$1/PG_VERSION\" && cp \"$3\" \"$1/global\" "
                + "&& head -c \"$4\" /dev/zero >\"$1/base/1/1\" && tar -C \"$1\" -czf \"$2/base.tar.gz\" .",
            [data, backup, try control(), "\(bytes)"])
        return backup
    }

    @Test func anIntactOneOfThisMakeIsRead() throws {
        let directory = try TemporaryDirectory()
        let result = try BaseBackupPass(path: try makeBackup(directory, bytes: 2)).run()
        #expect(result.allChecks.map(\.reason) == [.noManifest, nil] && result.seen.files == 3)
    }

    @Test func aBombIsGivenUp() throws {
        let directory = try TemporaryDirectory()
        let backup = try makeBackup(directory, bytes: 64 << 20)
        let destination = directory.file("data")
        mkdir(destination, 0o700)
        let whole = try BaseBackupPass(path: backup, limits: IntegrityLimits(maximumContentBytes: 128 << 20)).run()
        #expect(whole.seen.bytes > 64 << 20)
        let error = #expect(throws: Obstacle.self) {
            try BaseBackupPass(
                path: backup, destination: destination, limits: IntegrityLimits(maximumContentBytes: 8 << 20)
            ).run()
        }
        #expect(error?.reason == .outputTooLarge)
        let used = try Tool.run("du", ["-sm", destination]).outputText.prefix { $0.isNumber }
        #expect(try #require(Int(used)) <= 16)
    }

    @Test(.enabled(if: SmallFileSystem.isAllowed), arguments: [BaseBackupCorpus.Layout.plain, .tar, .tarOfGzip])
    func aFullDiskIsNoFaultOfTheBackup(layout: BaseBackupCorpus.Layout) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(layout, in: directory)
        let small = try SmallFileSystem(bytes: 8 << 20)
        let destination = "\(small.path)/data"
        mkdir(destination, 0o700)
        let error = #expect(throws: Obstacle.self) { try BaseBackupPass(path: path, destination: destination).run() }
        #expect(error?.reason == .diskFull, "\(error.debugDescription)")
    }
}
