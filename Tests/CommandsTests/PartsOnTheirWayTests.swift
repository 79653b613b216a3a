import Glibc
import TestSupport
import Testing

/// Backups of several files that a configuration finds, and one of which is not there: it may be on its way for hours, and is
/// missing in the end. With the built program.
@Suite(.serialized) struct PartsOnTheirWayTests {
    enum Place: CaseIterable {
        case directory, bucket
    }

    private let shop: RestoredShop
    private let server: S3Server
    private let bucket: S3Bucket

    init() throws {
        shop = try RestoredShop()
        server = try S3Server.shared()
        bucket = try server.makeBucket()
    }

    /// - Returns: the directory of the backup `dump`, and its location.
    private func dump(_ place: Place) throws -> (path: String, location: String) {
        let directory = place == .bucket ? bucket.path("pg") : shop.directory.file("pg")
        try Tool.run("mkdir", [directory])
        try Tool.run(
            shop.database.server.installation.tool("pg_dump"),
            ["--format", "directory", "--file", "\(directory)/dump", "-d", shop.database.conninfo])
        return ("\(directory)/dump", place == .bucket ? "\(bucket.address)/pg" : directory)
    }

    private func age(_ path: String, _ ago: String) throws {
        try Tool.shell(#"touch -d "$2" "$1"/*"#, [path, ago])
        usleep(S3Server.memory)
    }

    private func verify(_ location: String) throws -> ToolResult {
        let config = try shop.directory.write(
            "databases: [{ name: shop, backups: { location: \"\(location)\", match: dump } }]\n", to: "restorable.yml")
        return try RestoredShop.verify(
            ["--json", "--until", "integrity", "--config", config], environment: server.environment())
    }

    private func expect(_ result: ToolResult, _ status: Int32, _ reason: String) {
        let text = result.outputText
        #expect(result.status == status && text.contains(#""reason":"\#(reason)""#), "\(text)\(result.errorText)")
    }

    @Test(arguments: Place.allCases) func aFileOfADirectoryDump(place: Place) throws {
        let (path, location) = try dump(place)
        try age(path, "10 minutes ago")
        expect(try verify(location), 0, "stopped-early")
        let file = try #require(try TestFile.names(in: path).first { $0.hasSuffix(".dat.gz") })
        let bytes = try TestFile.read("\(path)/\(file)")
        unlink("\(path)/\(file)")
        try age(path, "10 minutes ago")
        let young = try verify(location)
        expect(young, 2, "changed-while-reading")
        #expect(young.outputText.contains("on its way"), "\(young.outputText)")
        // Whoever names it means it as it is.
        let named = try RestoredShop.verify(["--json", "\(location)/dump"], environment: server.environment())
        expect(named, 1, "missing-file")
        try age(path, "5 hours ago")
        expect(try verify(location), 2, "changed-while-reading")
        try age(path, "7 hours ago")
        expect(try verify(location), 1, "missing-file")
        // One that is there and damaged is damage at once.
        try TestFile.write(Array(bytes.dropLast(9)), to: "\(path)/\(file)")
        try age(path, "10 minutes ago")
        expect(try verify(location), 1, "truncated")
    }

    /// The small tar and the manifest are there at once, the large one an hour later.
    @Test func theTarOfABaseBackup() throws {
        let production = try TestServer(cluster: ["--wal-segsize=1"])
        try Tool.run("mkdir", [bucket.path("base")])
        let path = bucket.path("base/dump")
        try Tool.run(
            production.installation.tool("pg_basebackup"),
            ["-D", path, "-d", production.conninfo(), "--no-sync", "--checkpoint=fast", "-Ft", "-z"])
        let location = "\(bucket.address)/base"
        try age(path, "10 minutes ago")
        expect(try verify(location), 0, "stopped-early")
        let base = try TestFile.read("\(path)/base.tar.gz")
        unlink("\(path)/base.tar.gz")
        try age(path, "10 minutes ago")
        expect(try verify(location), 2, "changed-while-reading")
        try age(path, "7 hours ago")
        expect(try verify(location), 1, "missing-file")
        try bucket.put(base, "base/dump/base.tar.gz")
        try age(path, "10 minutes ago")
        expect(try verify(location), 0, "stopped-early")
    }
}
