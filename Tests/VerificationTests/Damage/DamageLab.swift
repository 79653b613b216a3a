import Backups
import Logging
import TestSupport
import Testing
import Verification

/// Intact dumps of one shop in each format, made once, and their verification.
struct DamageLab: Sendable {
    private let originals: TemporaryDirectory

    private static let made = Result { try DamageLab() }

    static func shared() throws -> DamageLab { try made.get() }

    /// pg_dump's own text.
    var plain: String { originals.file("shop.sql") }
    var gzip: String { originals.file("shop.sql.gz") }
    var custom: String { originals.file("shop.custom") }
    /// `-Fc -Z0`.
    var customRaw: String { originals.file("shop.custom0") }
    var tar: String { originals.file("shop.tar") }
    var folder: String { originals.file("shop.d") }
    /// `pg_dumpall`, of two databases.
    var cluster: String { originals.file("all.sql") }
    /// The plain dump in four members of gzip.
    var members: String { originals.file("members.sql.gz") }

    /// The plain dump.
    func compressed(_ compressor: Compressor) -> String { "\(plain).\(compressor.suffix)" }

    private init() throws {
        originals = try TemporaryDirectory()
        let database = try ShopDatabase(orders: 100).database(on: .shared())
        try database.dump(to: plain)
        for compressor in [Compressor.gzip, .zstd, .xz, .bzip2, .lz4] { try compressor.compress(plain) }
        try TestFile.write(CompressedMembers(of: TestFile.read(plain), count: 4).bytes, to: members)
        try database.dump(["-Fc"], to: custom)
        try database.dump(["-Fc", "-Z0"], to: customRaw)
        try database.dump(["-Ft"], to: tar)
        try database.dump(["-Fd"], to: folder)
        // Of a server of its own: what the tests beside have made on the shared one is no part of it.
        let server = try TestServer()
        for name in ["first", "second"] { _ = try ShopDatabase(orders: 10).database(on: server, named: name) }
        try server.dumpAll(to: cluster)
    }

    /// Verifies `path`, without a server where `until` is `integrity`.
    static func verify(
        _ path: String, until: Stage? = .integrity, manifest: String? = nil,
        _ adjust: (inout VerificationRequest) -> Void = { _ in }
    ) -> VerificationReport {
        var request = VerificationRequest(backup: path)
        request.until = until
        request.manifest = manifest
        adjust(&request)
        return DumpVerification(
            request, progress: SilentProgress(), cancellation: Cancellation(),
            log: Logger(label: "damage", factory: { _ in SwiftLogNoOpLogHandler() })
        ).run()
    }

    /// Damages a file of the lab and verifies the copy.
    static func verify(
        _ path: String, _ damage: Damage, until: Stage? = .integrity, manifest: String? = nil
    ) throws -> VerificationReport {
        let directory = try TemporaryDirectory()
        let copy = directory.file(path.split(separator: "/").last.map(String.init) ?? "copy")
        try damage.copy(path, to: copy)
        return verify(copy, until: until, manifest: manifest)
    }

    /// A manifest that says of `path` what is true of it now: its bytes, and the rows of its tables.
    static func manifest(of path: String, in directory: TemporaryDirectory) throws -> String {
        let report = verify(path)
        let size = try #require(report.backup.sizeBytes)
        let digest = try #require(report.backup.sha256)
        let manifest = Manifest(
            backup: .init(
                name: "shop", size: size, sha256: digest, format: try #require(report.backup.format),
                compression: report.backup.compression),
            origin: .scan, tool: .init(pgDump: "15"), server: .init(version: "15"),
            tables: report.tables.map { .init(name: $0.name, rows: $0.dumpRows ?? 0) })
        let file = directory.file("shop.manifest.json")
        try TestFile.write(try manifest.jsonBytes(), to: file)
        return file
    }
}
