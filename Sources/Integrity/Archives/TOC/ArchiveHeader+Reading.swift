import Backups

extension ArchiveHeader {
    private static let magic = Array("PGDMP".utf8)

    /// Reads the head, and teaches `input` the size of its integers.
    ///
    /// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.c, ReadHead.
    /// - Throws: ``ContentDamage``, or ``Obstacle`` for a version that is not known here.
    init(from input: ArchiveInput, layout: ArchiveLayout) throws {
        for expected in Self.magic where try input.byte() != expected {
            throw input.damage("toc", .corrupt, "the archive does not start with PGDMP")
        }
        version = ArchiveVersion(try input.byte(), try input.byte(), try input.byte())
        try Self.check(version)
        integerSize = Int(try input.byte())
        offsetSize = Int(try input.byte())
        guard (1...8).contains(integerSize), (1...8).contains(offsetSize) else {
            throw input.damage("toc", .corrupt, "numbers of \(integerSize) and offsets of \(offsetSize) bytes")
        }
        input.integerSize = integerSize
        let format = try input.byte()
        guard format == layout.rawValue else {
            throw input.damage("toc", .corrupt, "the head names the format \(format) instead of \(layout.rawValue)")
        }
        compression = try Self.compression(from: input, version)
        createdAt = try Self.date(from: input)
        databaseName = try input.string(of: "database name") ?? ""
        serverVersion = try Self.version(from: input, of: "server version")
        toolVersion = try Self.version(from: input, of: "pg_dump version")
    }

    private static func check(_ version: ArchiveVersion) throws {
        guard version <= .newestKnown else {
            throw Obstacle(
                .unsupportedFormat,
                "the archive has version \(version), newer than \(ArchiveVersion.newestKnown), the newest known here",
                hint: "Update restorable; or restore it once with the pg_restore that belongs to its pg_dump.")
        }
        guard version >= .oldestKnown else {
            throw Obstacle(
                .unsupportedFormat,
                "the archive has version \(version), older than \(ArchiveVersion.oldestKnown) of PostgreSQL 9.0",
                hint: "Turn it into SQL with pg_restore -f, and verify that.")
        }
    }

    /// `pg_compress_algorithm` (PostgreSQL 18 src/include/common/compression.h) since 1.15, a gzip level before.
    private static func compression(from input: ArchiveInput, _ version: ArchiveVersion) throws -> Compression {
        guard version >= .withCompressionAlgorithm else {
            let level = try input.integer()
            guard (-1...9).contains(level) else {
                throw input.damage("toc", .corrupt, "the head names the compression level \(level)")
            }
            return level == 0 ? .none : .gzip
        }
        let algorithm = try input.byte()
        let known: [Compression] = [.none, .gzip, .lz4, .zstd]
        guard Int(algorithm) < known.count else {
            throw input.damage("toc", .corrupt, "the head names the compression \(algorithm)")
        }
        return known[Int(algorithm)]
    }

    /// The seven fields of a `struct tm`, as text.
    private static func date(from input: ArchiveInput) throws -> String {
        let ranges = [0...60, 0...59, 0...23, 1...31, 0...11, 70...8099, -1...1]
        var fields: [Int] = []
        for range in ranges {
            let field = try input.integer()
            guard range.contains(field) else {
                throw input.damage("toc", .corrupt, "the head has an impossible creation date")
            }
            fields.append(field)
        }
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(fields[5] + 1900)-\(padded(fields[4] + 1))-\(padded(fields[3]))"
        return "\(day) \(padded(fields[2])):\(padded(fields[1])):\(padded(fields[0]))"
    }

    private static func version(from input: ArchiveInput, of field: String) throws -> String {
        let version = try input.string(limit: 4096, of: field) ?? ""
        guard version.utf8.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? false else {
            throw input.damage("toc", .corrupt, "the head has no \(field)")
        }
        return version
    }
}
