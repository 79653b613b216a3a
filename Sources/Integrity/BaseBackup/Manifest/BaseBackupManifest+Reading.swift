internal import Backups

extension BaseBackupManifest {
    /// Larger ones are refused: the manifest of a million files has 200 MB.
    package static let largest: UInt64 = 1 << 30

    /// - Throws: ``Obstacle`` for one that is larger.
    static func checkSize(_ size: UInt64) throws {
        guard size <= largest else {
            throw Obstacle(.outputTooLarge, "\(fileName) has \(size) bytes; more than \(largest) are not read")
        }
    }

    /// Reads a manifest, after its own checksum was compared.
    ///
    /// - Throws: ``ContentDamage`` when it is cut, altered, or lists what no server has; ``Obstacle`` for a version that is
    ///   not known.
    package init(_ bytes: UnsafeRawBufferPointer) throws {
        try Self.checkOwnChecksum(bytes)
        do {
            self = try ManifestBuilder.read(bytes)
        } catch let flaw as JSONReader.Flaw {
            throw Self.damage(.corrupt, "\(Self.fileName) is not in its format: \(flaw)")
        }
    }

    static func damage(_ reason: Reason, _ message: String) -> ContentDamage {
        ContentDamage("manifest", reason, message)
    }

    /// The last line holds the SHA-256 of all lines before it (`verify_manifest_checksum` of src/common/parse_manifest.c).
    private static func checkOwnChecksum(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.last == UInt8(ascii: "\n") else {
            throw damage(.truncated, "\(fileName) is cut: its last line has no end")
        }
        let body = bytes.dropLast()
        guard let lineEnd = body.lastIndex(of: UInt8(ascii: "\n")) else {
            throw damage(.truncated, "\(fileName) is cut: it has one line only")
        }
        let wanted = try statedChecksum(body[(lineEnd + 1)...])
        let digest = try SHA256()
        try digest.update(UnsafeRawBufferPointer(rebasing: bytes[...lineEnd]))
        guard try digest.finish() == wanted else {
            throw damage(
                .checksumMismatch, "\(fileName) does not have the checksum that it says of itself: it was altered")
        }
    }

    /// The line is `"Manifest-Checksum": "<64 digits>"}`.
    private static func statedChecksum(_ line: Slice<UnsafeRawBufferPointer>) throws -> SHA256Digest {
        let parts = String(decoding: line, as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[1] == "Manifest-Checksum",
            let digest = SHA256Digest(hexadecimal: String(parts[3]))
        else { throw damage(.truncated, "\(fileName) is cut: its last line is not its checksum") }
        return digest
    }
}

/// What was read of a manifest so far.
private struct ManifestBuilder {
    private var version: UInt64?
    private var systemIdentifier: UInt64?
    private var files: [BaseBackupManifest.File]?
    private var ranges: [BaseBackupManifest.WALRange]?

    static func read(_ bytes: UnsafeRawBufferPointer) throws -> BaseBackupManifest {
        var reader = JSONReader(bytes)
        var builder = ManifestBuilder()
        try reader.object { key, reader in try builder.member(key, &reader) }
        try reader.end()
        guard let version = builder.version, let files = builder.files, let ranges = builder.ranges,
            version == 1 || builder.systemIdentifier != nil
        else {
            throw BaseBackupManifest.damage(
                .corrupt, "\(BaseBackupManifest.fileName) lacks its version, its files or its ranges of WAL")
        }
        return BaseBackupManifest(systemIdentifier: builder.systemIdentifier, files: files, walRanges: ranges)
    }

    private mutating func member(_ key: String, _ reader: inout JSONReader) throws {
        switch key {
        case "PostgreSQL-Backup-Manifest-Version" where version == nil:
            let number = try reader.number()
            guard (1...2).contains(number) else {
                throw Obstacle(
                    .unsupportedFormat, "\(BaseBackupManifest.fileName) is of version \(number), which is not known",
                    hint: "use a newer restorable")
            }
            version = number
        case "System-Identifier" where systemIdentifier == nil: systemIdentifier = try reader.number()
        case "Files" where files == nil: files = try Self.files(&reader)
        case "WAL-Ranges" where ranges == nil: ranges = try Self.ranges(&reader)
        case "Manifest-Checksum": _ = try reader.string()
        default:
            throw BaseBackupManifest.damage(.corrupt, "\(BaseBackupManifest.fileName) has \(key) where it can't be")
        }
    }

    private static func files(_ reader: inout JSONReader) throws -> [BaseBackupManifest.File] {
        var files: [BaseBackupManifest.File] = []
        try reader.array { reader in files.append(try FileMembers.read(&reader)) }
        return files
    }

    /// No server wrote so much log while it was backed up, nor came so near to the end of all positions: what a manifest says beyond
    /// these is altered or made up, and must not be reckoned with.
    private static let longestRange: UInt64 = 16 << 40
    private static let lastPosition = UInt64.max - 1 << 30
    private static let mostRanges = 1000

    private static func ranges(_ reader: inout JSONReader) throws -> [BaseBackupManifest.WALRange] {
        var ranges: [BaseBackupManifest.WALRange] = []
        try reader.array { reader in
            var (timeline, start, end): (UInt32?, UInt64?, UInt64?)
            try reader.object { key, reader in
                switch key {
                case "Timeline": timeline = UInt32(exactly: try reader.number())
                case "Start-LSN": start = BaseBackupManifest.position(try reader.string())
                case "End-LSN": end = BaseBackupManifest.position(try reader.string())
                default: throw BaseBackupManifest.damage(.corrupt, "a range of WAL has \(key)")
                }
            }
            guard let timeline, let start, let end, start <= end, end <= lastPosition, end - start <= longestRange,
                ranges.count < mostRanges
            else {
                throw BaseBackupManifest.damage(
                    .corrupt, "\(BaseBackupManifest.fileName) has a range of WAL that makes no sense")
            }
            ranges.append(BaseBackupManifest.WALRange(timeline: timeline, start: start, end: end))
        }
        return ranges
    }
}

extension BaseBackupManifest {
    /// `16/B374D848`: upper and lower 32 bits.
    static func position(_ text: [UInt8]) -> UInt64? {
        let halves = String(decoding: text, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let high = UInt32(halves[0], radix: 16), let low = UInt32(halves[1], radix: 16) else {
            return nil
        }
        return UInt64(high) << 32 | UInt64(low)
    }
}

/// The members of one element of `Files`.
private struct FileMembers {
    private var path: DataPath?
    private var size: UInt64?
    private var algorithm: [UInt8]?
    private var checksum: [UInt8]?

    static func read(_ reader: inout JSONReader) throws -> BaseBackupManifest.File {
        var members = FileMembers()
        try reader.object { key, reader in
            switch key {
            case "Path": members.path = DataPath(bytes: try reader.string())
            // For names that are not UTF-8.
            case "Encoded-Path": members.path = Hexadecimal.bytes(try reader.string()).map { DataPath(bytes: $0) }
            case "Size": members.size = try reader.number()
            case "Last-Modified": _ = try reader.string()
            case "Checksum-Algorithm": members.algorithm = try reader.string()
            case "Checksum": members.checksum = try reader.string()
            default: throw BaseBackupManifest.damage(.corrupt, "a file of \(BaseBackupManifest.fileName) has \(key)")
            }
        }
        return try members.file()
    }

    private func file() throws -> BaseBackupManifest.File {
        guard let path, let size else {
            throw BaseBackupManifest.damage(
                .corrupt, "\(BaseBackupManifest.fileName) lists a file without its path or its size")
        }
        // A path that leads out of the backup would have us read, or write, somewhere else.
        guard path.staysBelow else {
            throw BaseBackupManifest.damage(
                .corrupt, "\(BaseBackupManifest.fileName) lists \(path), which leads elsewhere")
        }
        return BaseBackupManifest.File(path: path, size: size, checksum: try fileChecksum(path))
    }

    private func fileChecksum(_ path: DataPath) throws -> FileChecksum? {
        guard let algorithm, let checksum else { return nil }
        let name = String(decoding: algorithm, as: UTF8.self)
        guard let known = FileChecksum.Algorithm(rawValue: name.uppercased()), let bytes = Hexadecimal.bytes(checksum),
            bytes.count == known.length
        else {
            throw BaseBackupManifest.damage(
                .corrupt, "the checksum of \(path) is no \(name)")
        }
        return FileChecksum(algorithm: known, bytes: bytes)
    }
}
