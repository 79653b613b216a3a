import Glibc
import TestSupport
import Testing

/// A `dump` that does not come to its end leaves nothing that could be taken for a backup.
@Suite(.serialized) struct DumpFailureTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    @Test func killedAtAnyMomentItLeavesNoHalfBackup() throws {
        var random = SeededGenerator(seed: 9)
        let directory = try TemporaryDirectory()
        #expect(try Restorable.run(["dump", shop.database.conninfo, "\(directory.path)/whole.sql.gz"]).status == 0)
        for number in 0..<20 {
            let seconds = "0.\(String(100 + Int.random(in: 0..<400, using: &random)))"
            let target = "\(directory.path)/\(number).sql.gz"
            _ = try Tool.attempt(
                "/usr/bin/timeout", ["-s", "KILL", seconds, Restorable.path, "dump", shop.database.conninfo, target])
        }
        let visible = try TestFile.names(in: directory.path).filter { !$0.hasPrefix(".") }
        for name in visible where !name.hasSuffix(".manifest.json") {
            #expect(try Restorable.run(["manifest", "check", "\(directory.path)/\(name)"]).status == 0, "\(name)")
        }
        let gc = try RestoredShop.leftovers(in: RestoredShop.scratch, arguments: ["--location", directory.path])
        #expect(gc.contains(#""failures":[]"#))
        #expect(try TestFile.names(in: directory.path).filter { $0.hasPrefix(".") } == [])
        #expect(try TestFile.names(in: directory.path).contains("whole.sql.gz"))
    }

    @Test(.enabled(if: geteuid() == 0), arguments: [("64m", Int32(0)), ("4k", 2)])
    func onAFullDiskItLeavesNothing(size: String, status: Int32) throws {
        let script = """
            mount -t tmpfs -o size=$2 none "$1" && "$0" dump "$3" "$1/shop.sql.gz" >&2; status=$?
            ls -A "$1"; exit $status
            """
        let directory = try TemporaryDirectory()
        let result = try Tool.attempt(
            "/usr/bin/unshare",
            ["-m", "/bin/sh", "-c", script, Restorable.path, directory.path, size, shop.database.conninfo])
        #expect(result.status == status)
        #expect(result.outputText == (status == 0 ? "shop.sql.gz\nshop.sql.gz.manifest.json\n" : ""))
        #expect((status == 0) != result.errorText.contains("No space left on device"))
    }
}
