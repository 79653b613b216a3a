import Backups
import Integrity

/// Objects of a location that lie below one address, as the files of a directory.
package struct RemoteDirectory: Sendable {
    /// Of a directory of more files it is asked first whether it is a dump's: in order of names its table of contents comes last.
    private static let most = 100_000

    let location: any Location
    /// Directly in it, or below directories in it.
    let objects: [StoredObject]

    /// - Parameter most: so many objects without a table of contents tell enough.
    init(_ location: any Location, most: Int = Self.most, cancellation: Cancellation) throws {
        struct Enough: Error {}
        func list(atMost limit: Int) throws -> [StoredObject] {
            var objects: [StoredObject] = []
            do {
                try location.list(after: nil, cancellation: cancellation) { object in
                    objects.append(object)
                    if objects.count >= limit { throw Enough() }
                }
            } catch is Enough {}
            return objects
        }
        self.location = location
        let first = try list(atMost: most)
        guard first.count == most, try location.find("toc.dat", cancellation: cancellation) != nil else {
            objects = first
            return
        }
        objects = try list(atMost: .max)
    }

    /// What a directory shows of them.
    var names: Set<String> { Set(objects.map { String($0.path.prefix { $0 != "/" }) }) }

    var sniffed: Sniffed { FormatSniffer.sniff(directory: names, at: location.address) }

    /// Bytes of the files that belong to a dump.
    var size: UInt64 { objects.filter(Self.isOfDump).reduce(0) { $0.addingSaturated($1.size) } }

    /// Whether pg_dump may have written a file of this name: `toc.dat`, `NNNN.dat`, `blobs.toc`, `blob_NNNN.dat`,
    /// perhaps compressed (PostgreSQL 18 src/bin/pg_dump/pg_backup_directory.c).
    static func isOfDump(_ object: StoredObject) -> Bool {
        var name = object.path[...]
        if let suffix = [".gz", ".lz4", ".zst"].first(where: { name.hasSuffix($0) }) {
            name = name.dropLast(suffix.count)
        }
        return !name.contains("/") && (name.hasSuffix(".dat") || name.hasSuffix(".toc"))
    }
}
