import Backups

@testable import Integrity

/// Writes archives as pg_dump does, in versions and compressions that no installed pg_dump writes, without a server.
///
/// Written apart from the reader, after PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.c (WriteHead, WriteToc),
/// pg_backup_custom.c and pg_backup_tar.c.
struct ForgedArchive {
    struct Entry {
        var kind: String
        var tag: String
        var schema: String? = "public"
        var section = 2
        var definition = ""
        var copyStatement: String?
        var dependencies: [Int] = []
        /// Rows; for `BLOBS` the objects.
        var data: [UInt8]?
        var objects: [(UInt32, [UInt8])] = []
        var hasData: Bool { data != nil || kind == "BLOBS" }
    }

    var version = ArchiveVersion(1, 16)
    var compression = Compression.gzip
    /// Whether offsets are written, as to a file rather than a pipe.
    var hasOffsets = true
    var toolVersion = "18.0"
    var entries: [Entry]

    init(
        version: ArchiveVersion = ArchiveVersion(1, 16), compression: Compression = .gzip, hasOffsets: Bool = true,
        toolVersion: String = "18.0"
    ) {
        self.version = version
        self.compression = compression
        self.hasOffsets = hasOffsets
        self.toolVersion = toolVersion
        entries = Self.sampleEntries + Self.largeObjectEntries(version)
    }

    private static func largeObjectEntries(_ version: ArchiveVersion) -> [Entry] {
        let objects: [(UInt32, [UInt8])] = [(16400, Array("large".utf8)), (4_000_000_000, [])]
        let announced =
            version < ArchiveVersion(1, 16)
            ? objects.map { Entry(kind: "BLOB", tag: "\($0.0)", schema: nil, definition: "SELECT 1;\n") }
            : [Entry(kind: "BLOB METADATA", tag: "16400..", schema: nil, definition: "16400\n4000000000\n")]
        return announced + [Entry(kind: "BLOBS", tag: "BLOBS", schema: nil, section: 3, objects: objects)]
    }

    private static var sampleEntries: [Entry] {
        let rows = (0..<100).map { "\($0)\tname \($0 &* 2_654_435_761 % 1000)\\n\t\\N\n" }.joined()
        return [
            Entry(kind: "ENCODING", tag: "ENCODING", schema: nil, definition: "SET client_encoding = 'UTF8';\n"),
            Entry(kind: "SCHEMA", tag: "public", schema: nil, definition: "CREATE SCHEMA public;\n"),
            Entry(kind: "TABLE", tag: "users", definition: "CREATE TABLE public.users (a integer, b text, c text);\n"),
            Entry(
                kind: "ACL", tag: "TABLE users", section: 1, definition: "GRANT SELECT ON TABLE public.users TO al;\n"),
            Entry(
                kind: "TABLE DATA", tag: "users", section: 3,
                copyStatement: "COPY public.users (a, b, c) FROM stdin;\n", dependencies: [3],
                data: Array((rows + "\\.\n\n\n").utf8)),
            Entry(
                kind: "TABLE DATA", tag: "none", section: 3, copyStatement: "COPY public.none (a) FROM stdin;\n",
                data: Array("\\.\n\n\n".utf8)),
            Entry(
                kind: "TABLE DATA", tag: "inserted", section: 3,
                data: Array("INSERT INTO public.inserted VALUES (1, 'x;');\n\n\n".utf8)),
            Entry(kind: "INDEX", tag: "users_a", section: 4, definition: "CREATE INDEX users_a ON public.users (a);\n"),
        ]
    }

    /// The whole custom archive.
    func custom() throws -> [UInt8] {
        let blocks = try entries.map { try $0.hasData ? block(of: $0) : [] }
        let start = table(layout: 1, offsets: entries.map { _ in 0 }).count
        var offset = start
        var offsets: [Int] = []
        for block in blocks {
            offsets.append(offset)
            offset += block.count
        }
        return table(layout: 1, offsets: offsets) + blocks.joined()
    }

    /// The members of a tar in their order, or the files of an uncompressed directory.
    func members() -> [(name: String, content: [UInt8])] {
        var members = [("toc.dat", table(layout: 3, offsets: []))]
        for (index, entry) in entries.enumerated() where entry.hasData {
            guard entry.kind == "BLOBS" else {
                members.append((fileName(of: entry, index), entry.data ?? []))
                continue
            }
            for (identifier, content) in entry.objects { members.append(("blob_\(identifier).dat", content)) }
            let lines = entry.objects.map { "\($0.0) blob_\($0.0).dat\n" }.joined()
            members.append((fileName(of: entry, index), Array(lines.utf8)))
        }
        return members
    }

    private func fileName(of entry: Entry, _ index: Int) -> String {
        guard entry.kind == "BLOBS" else { return "\(index + 1).dat" }
        return version < ArchiveVersion(1, 16) ? "blobs.toc" : "blobs_\(index + 1).toc"
    }

    private func table(layout: UInt8, offsets: [Int]) -> [UInt8] {
        var out = Array("PGDMP".utf8) + [version.major, version.minor, version.revision, 4, 8, layout]
        if version < ArchiveVersion(1, 15) {
            out += integer(compression == .none ? 0 : -1)
        } else {
            out.append(UInt8([Compression.none, .gzip, .lz4, .zstd].firstIndex(of: compression) ?? 0))
        }
        for field in [7, 6, 5, 20, 10, 126, 0] { out += integer(field) }
        for text in ["shop", "15.18 (Debian 15.18-0+deb12u1)", toolVersion] { out += string(text) }
        out += integer(entries.count)
        for (index, entry) in entries.enumerated() { out += tableEntry(entry, index, layout, offsets) }
        return out
    }

    private func tableEntry(_ entry: Entry, _ index: Int, _ layout: UInt8, _ offsets: [Int]) -> [UInt8] {
        var out = integer(index + 1) + integer(entry.hasData ? 1 : 0) + string("0") + string("\(16384 + index)")
        out += string(entry.tag) + string(entry.kind) + integer(entry.section)
        out += string(entry.definition) + string("") + string(entry.copyStatement) + string(entry.schema) + string("")
        if version >= ArchiveVersion(1, 14) { out += string("") }
        if version >= ArchiveVersion(1, 16) { out += integer(entry.kind == "TABLE" ? 114 : 0) }
        out += string("postgres") + string("false")
        for dependency in entry.dependencies { out += string("\(dependency)") }
        out += string(nil)
        if layout == 3 { return out + string(entry.hasData ? fileName(of: entry, index) : "") }
        out.append(entry.hasData ? (hasOffsets ? 2 : 1) : 3)
        let offset = entry.hasData && hasOffsets ? UInt64(offsets[index]) : 0
        return out + (0..<8).map { UInt8(truncatingIfNeeded: offset >> (8 * UInt64($0))) }
    }

    private func block(of entry: Entry) throws -> [UInt8] {
        let identifier = (entries.firstIndex { $0.kind == entry.kind && $0.tag == entry.tag } ?? 0) + 1
        guard entry.kind == "BLOBS" else { return try [1] + integer(identifier) + chunks(entry.data ?? []) }
        var out = [3] + integer(identifier)
        for (object, content) in entry.objects {
            out += integer(Int(Int32(bitPattern: object))) + (try chunks(content))
        }
        return out + integer(0)
    }

    private func chunks(_ content: [UInt8]) throws -> [UInt8] {
        let stored = try TestCompression.compress(content, compression, asZlib: true)
        var out: [UInt8] = []
        for start in stride(from: 0, to: stored.count, by: 1000) {
            let chunk = stored[start..<min(start + 1000, stored.count)]
            out += integer(chunk.count) + chunk
        }
        return out + integer(0)
    }

    private func integer(_ value: Int) -> [UInt8] {
        let magnitude = UInt32(value.magnitude)
        return [value < 0 ? 1 : 0] + (0..<4).map { UInt8(truncatingIfNeeded: magnitude >> (8 * UInt32($0))) }
    }

    private func string(_ text: String?) -> [UInt8] {
        guard let text else { return integer(-1) }
        return integer(text.utf8.count) + Array(text.utf8)
    }
}
