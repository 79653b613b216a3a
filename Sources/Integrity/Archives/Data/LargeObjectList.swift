import Backups

/// The list of large objects beside their files: `blobs.toc`, or `blobs_NNN.toc` since archive version 1.16. Each line
/// is the object's number and its file.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_directory.c, `_LoadLOs`; pg_backup_tar.c, `_StartLO`.
struct LargeObjectList {
    private(set) var files: [(identifier: UInt32, name: String)] = []

    /// The list that the entry `BLOBS` means. Its own file name is not to be trusted: before 1.16 in a directory, and in
    /// every tar, it may be one that does not exist.
    static func fileName(of entry: TOCEntry, _ version: ArchiveVersion) -> String {
        version >= .withRelationKind ? "blobs_\(entry.identifier).toc" : "blobs.toc"
    }

    /// The number in `blob_16687.dat`, whatever its compression.
    static func identifier(inFileName name: String) -> UInt32? {
        guard name.hasPrefix("blob_") else { return nil }
        let digits = name.dropFirst(5).prefix { $0.isASCII && $0.isNumber }
        guard name.dropFirst(5 + digits.count).hasPrefix(".dat") else { return nil }
        return UInt32(digits)
    }

    /// - Throws: ``ContentDamage`` for a line that pg_dump does not write.
    init(from input: ArchiveInput) throws {
        var line: [UInt8] = []
        while try !input.isAtEnd() {
            let byte = try input.byte()
            if byte == UInt8(ascii: "\n") {
                try add(line, input)
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
                guard line.count < 1024 else { throw Self.damage(input) }
            }
        }
        guard line.isEmpty else { throw input.cut("the list of large objects") }
    }

    private mutating func add(_ line: [UInt8], _ input: ArchiveInput) throws {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let identifier = UInt32(String(decoding: parts[0], as: UTF8.self)), identifier > 0
        else { throw Self.damage(input) }
        let name = String(decoding: parts[1], as: UTF8.self)
        guard ArchiveFileName.isSafe(name), Self.identifier(inFileName: name) == identifier else {
            throw Self.damage(input)
        }
        files.append((identifier, name))
    }

    private static func damage(_ input: ArchiveInput) -> ContentDamage {
        input.damage("structure", .corrupt, "a line of the list of large objects is not one that pg_dump writes")
    }
}
