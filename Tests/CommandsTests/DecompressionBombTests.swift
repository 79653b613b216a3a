import Glibc
import TestSupport
import Testing

/// Little that becomes much: it ends as `inconclusive`, and takes neither the memory nor the disk of the machine.
@Suite(.serialized) struct DecompressionBombTests {
    /// What `restorable` itself may take, in KiB, built for tests; without a bomb it takes about half.
    private static let mostMemory = 160 << 10
    private static let mebibyte = 1 << 20

    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    private static let head = """
        --
        -- PostgreSQL database dump
        --

        -- Dumped from database version 15.18
        -- Dumped by pg_dump version 15.18

        CREATE TABLE public.zeros (x text);
        COPY public.zeros (x) FROM stdin;

        """

    /// Of a kilobyte: what is built for tests counts rows slowly.
    private static let row = String(repeating: "0", count: 999)

    /// Runs `verify`.
    /// - Returns: also the peak of its memory, in KiB.
    private func verify(
        _ arguments: [String], input: String? = nil, scratch: String = RestoredShop.scratch
    ) throws -> (result: ToolResult, memory: Int) {
        let file = shop.directory.file("memory")
        let command = ["verify", "--json", "--scratch-directory", scratch] + arguments
        let result = try Tool.attempt(
            "/usr/bin/time", ["-q", "-f", "%M", "-o", file, Restorable.path] + command,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"], input: input)
        return (result, try #require(Int(try TestFile.text(file).filter { !$0.isNewline })))
    }

    private func expect(_ outcome: (result: ToolResult, memory: Int), reason: String, hint: String, _ what: String) {
        let text = outcome.result.outputText
        #expect(outcome.result.status == 2, "\(what): \(text)")
        #expect(text.contains(#""verdict":"inconclusive","reason":"\#(reason)""#), "\(what): \(text)")
        #expect(text.contains(hint), "\(what): \(text)")
        #expect(text.contains(#""restore":null"#), "\(what)")
        #expect(outcome.memory < Self.mostMemory, "\(what)")
    }

    /// A dump that holds 64 GiB of zeros, in a thousand members of one compression.
    private func bomb(_ compressor: Compressor) throws -> String {
        let directory = shop.directory
        let head = try compressor.compress(try directory.write(Self.head, to: "head"))
        let zeros = directory.file("zeros")
        // Rows of a mebibyte, which is 64 times in each member.
        try Tool.shell(
            "head -c 1048575 /dev/zero | tr '\\0' 0 >\"$1.row\"; echo >>\"$1.row\"; for n in 1 2 3 4 5 6 7 8; do "
                + "cat \"$1.row\" \"$1.row\" \"$1.row\" \"$1.row\" \"$1.row\" \"$1.row\" \"$1.row\" \"$1.row\"; done >\"$1\"",
            [zeros])
        let member = try compressor.compress(zeros)
        let path = directory.file("bomb.\(compressor.suffix)")
        try Tool.shell(
            "{ cat \"$1\"; i=0; while [ $i -lt 1000 ]; do cat \"$2\"; i=$((i+1)); done; } >\"$3\"",
            [head, member, path])
        return path
    }

    @Test(arguments: [Compressor.gzip, .zstd, .bzip2]) func aBombIsGivenUp(compressor: Compressor) throws {
        let path = try bomb(compressor)
        let (size, limit) = (try TestFile.size(path), 160)
        #expect(size < 80 * Self.mebibyte)
        let hint = "raise the limit: --max-content"
        expect(try verify(["--max-content", "\(limit)MiB", path]), reason: "output-too-large", hint: hint, "a file")
        // The copy of what comes from a pipe is as large as that, and not as its content.
        let piped = ["--max-content", "\(limit)MiB", "--max-disk", "\(size + 1)B", "-"]
        expect(try verify(piped, input: path), reason: "output-too-large", hint: hint, "standard input")
    }

    /// Nothing but zeros is no backup, which the first of them tell.
    @Test(arguments: [Compressor.gzip, .zstd]) func zerosAreNoBackup(compressor: Compressor) throws {
        let path = shop.directory.file("zeros.\(compressor.suffix)")
        try Tool.shell("head -c 500000000 /dev/zero | \(compressor.rawValue) -c -1 >\"$1\"", [path])
        let outcome = try verify(["--max-content", "1MiB", path])
        #expect(outcome.result.status == 1)
        #expect(outcome.result.outputText.contains(#""reason":"not-a-backup""#))
        #expect(outcome.memory < Self.mostMemory)
    }

    @Test func theLimitIsToTheByte() throws {
        let plain = try shop.dump()
        let size = try TestFile.size(plain)
        for path in [plain] + (try [Compressor.gzip, .zstd, .lz4].map { try $0.compress(plain) }) {
            let base = ["--until", "integrity", path]
            #expect(try verify(["--max-content", "\(size)"] + base).result.status == 0, "\(path)")
            let less = try verify(["--max-content", "\(size - 1)"] + base)
            expect(less, reason: "output-too-large", hint: "--max-content", path)
        }
        let standard = try verify(["--until", "integrity", plain])
        #expect(standard.result.status == 0)
    }

    @Test(arguments: ["-Fc", "-Fd", "-Ft"]) func archivesAreHeldToItToo(option: String) throws {
        let path = try shop.database.dump([option], to: shop.directory.file("archive"))
        #expect(try verify(["--until", "integrity", "--max-content", "1MiB", path]).result.status == 0)
        let less = try verify(["--until", "integrity", "--max-content", "1000B", path])
        expect(less, reason: "output-too-large", hint: "--max-content", option)
    }

    /// The limit is for all files of a directory together, whatever thread reads them.
    @Test func aBombInADirectoryIsGivenUp() throws {
        let path = try shop.database.dump(["-Fd"], to: shop.directory.file("directory"))
        let names = try TestFile.names(in: path).filter { $0.hasSuffix(".dat.gz") }
        #expect(names.count == 2)
        for name in names {
            // Each by itself is within the limit, and whole: whichever is read first has no damage.
            try Tool.shell(
                #"{ yes "$1" | head -c 60000000; printf '\\.\n\n\n'; } | gzip -1 >"$2""#, [Self.row, "\(path)/\(name)"])
        }
        let outcome = try verify(["--max-content", "100MB", "--jobs", "2", path])
        expect(outcome, reason: "output-too-large", hint: "--max-content", "directory")
    }

    @Test func aConfigurationSaysTheLimits() throws {
        let path = try Compressor.gzip.compress(try shop.dump())
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        func verifyConfigured(_ scratch: String) throws -> ToolResult {
            let config = try shop.directory.write(
                """
                scratch: { directory: \(RestoredShop.scratch), \(scratch) }
                databases: [{ name: shop, backups: { location: \(shop.directory.path), match: "\(name)", filter: [cat] } }]
                """, to: "restorable.yml")
            return try Restorable.run(["verify", "--json", "--until", "integrity", "--config", config])
        }
        #expect(try verifyConfigured("max_content: 10MiB, max_disk: 10MiB").status == 0)
        let content = try verifyConfigured("max_content: 1000B, max_disk: 10MiB")
        #expect(content.status == 2)
        #expect(content.outputText.contains(#""reason":"output-too-large""#))
        #expect(content.outputText.contains("max_content of scratch in the configuration"))
        let disk = try verifyConfigured("max_content: 10MiB, max_disk: 1000B")
        #expect(disk.status == 2)
        #expect(disk.outputText.contains(#""reason":"disk-full""#))
        #expect(disk.outputText.contains("max_disk of scratch in the configuration"))
    }

    @Test(arguments: ["cat; yes", "yes", "cat >/dev/null; yes 'pg_dump: error: no'"])
    func aFilterThatWritesForEverTakesNoMoreDiskThanItMay(filter: String) throws {
        let path = try shop.dump()
        let outcome = try verify(["--filter", filter, "--max-disk", "32MiB", path])
        expect(outcome, reason: "disk-full", hint: "--max-disk", filter)
        #expect(try RestoredShop.leftovers().contains(#""failures":[]"#))
    }

    /// The reserve is 256 MiB: this disk has 32 MiB more, of which a copy may take them and no byte beyond a step.
    @Test(.enabled(if: SmallFileSystem.isAllowed)) func theDiskIsNotFilled() throws {
        let disk = try SmallFileSystem(bytes: 288 * Self.mebibyte)
        let scratch = "\(disk.path)/scratch"
        for (arguments, input) in [(["--filter", "cat; yes", try shop.dump()], nil), (["-"], try endless())] {
            let outcome = try verify(arguments, input: input, scratch: scratch)
            expect(outcome, reason: "disk-full", hint: "--scratch-directory", "\(arguments)")
            // Refused by us, and not by the file system.
            let text = outcome.result.outputText
            let free = try #require(text.firstMatch(of: /only (\d+) MiB are free in/)?.1)
            #expect((250...256).contains(try #require(Int(free))), "\(text)")
            #expect(try freeBytes(disk.path) > 287 * Self.mebibyte)
        }
    }

    /// A dump that goes on for 100 MB.
    private func endless() throws -> String {
        let path = try shop.directory.write(Self.head, to: "endless.sql")
        try Tool.shell("yes \"$1\" | head -c 100000000 >>\"$2\"", [Self.row, path])
        return path
    }

    private func freeBytes(_ path: String) throws -> Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw TestFailure("statvfs \(path)") }
        return Int(status.f_bfree) * Int(status.f_frsize)
    }
}
