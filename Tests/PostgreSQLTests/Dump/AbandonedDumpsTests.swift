import Glibc
import PostgreSQL
import TestSupport
import Testing

@Suite struct AbandonedDumpsTests {
    @Test func removesOnlyWhatNobodyWrites() throws {
        let directory = try TemporaryDirectory()
        let kept = [
            "shop.sql.gz", "shop.sql.gz.manifest.json", ".hidden", ".busy.dump.partial-0000000b",
            ".busy.dump.partial-0000000b.manifest",
        ]
        for name in kept + [".shop.sql.gz.partial-0000000a", ".shop.sql.gz.partial-0000000a.manifest"] {
            _ = try directory.write("x", to: name)
        }
        try Tool.shell(
            "mkdir \"$1\" && touch \"$1/toc.dat\" \"$1.manifest\"", [directory.file(".d.dir.partial-0000000c")])
        let descriptor = open(directory.file(".busy.dump.partial-0000000b.manifest"), O_RDONLY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        defer { close(descriptor) }
        #expect(try AbandonedDumps.collect(in: directory.path).count == 4)
        #expect(try DumpJobTests.files(directory).sorted() == kept.sorted())
        #expect(try AbandonedDumps.collect(in: directory.path) == [])
    }
}
