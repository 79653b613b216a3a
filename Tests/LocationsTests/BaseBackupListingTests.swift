import Backups
import TestSupport
import Testing

@testable import Locations

/// A base backup is one backup in the listing of its location, however many files it has.
@Suite struct BaseBackupListingTests {
    static let layouts: [(String, [String])] = [
        ("plain", ["PG_VERSION", "backup_label", "backup_manifest", "base/1/PG_VERSION", "global/pg_control"]),
        ("without a manifest", ["PG_VERSION", "base/1/PG_VERSION", "base/1/112", "global/pg_control"]),
        ("tars", ["backup_manifest", "base.tar", "pg_wal.tar"]), ("tars of gzip", ["base.tar.gz", "16384.tar.gz"]),
        ("tars of zstd", ["base.tar.zst", "pg_wal.tar"]),
    ]

    @Test(arguments: layouts) func itIsOneBackup(layout: (name: String, files: [String])) throws {
        let directory = try TemporaryDirectory()
        let files = layout.files.map { "all/20261120-020000/\($0)" } + ["all/shop.sql", "all/other/PG_VERSION"]
        for file in files {
            try Tool.shell("mkdir -p \"$(dirname \"$1\")\" && printf 12345 >\"$1\"", [directory.file(file)])
        }
        let wanted = ["all/20261120-020000", "all/other/PG_VERSION", "all/shop.sql"]
        let location = DirectoryLocation(directory.path)
        let listed = try location.list().entries
        #expect(listed.map(\.path).sorted() == wanted)
        // As any other location lists it: by the names of its objects alone.
        var objects: [StoredObject] = []
        try location.list(after: nil, cancellation: Cancellation()) { objects.append($0) }
        let stored = try Bucket(stored: objects).survey(cancellation: Cancellation()).entries
        #expect(stored.map(\.path).sorted() == wanted)
        for entries in [listed, stored] {
            let base = try #require(entries.first { $0.path == wanted[0] })
            #expect(base.identity.sizeBytes == UInt64(layout.files.count * 5))
            #expect(entries.filter(\.isBaseBackup).map(\.path) == [wanted[0]])
        }
    }

    /// A location that lists these objects, and holds nothing.
    private struct Bucket: Location {
        let stored: [StoredObject]
        var address: String { "s3://bucket" }

        func list(
            after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void
        ) throws {
            for object in stored { try visit(object) }
        }

        func find(_ path: String, cancellation: Cancellation) -> StoredObject? { stored.first { $0.path == path } }

        func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes {
            throw Obstacle(.unreadable, "\(path) is not there")
        }

        func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter {
            throw Obstacle(.unreadable, "\(path) can't be written")
        }

        func remove(_ path: String, cancellation: Cancellation) {}
    }
}
