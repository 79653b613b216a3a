internal import FoundationEssentials

extension Manifest: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, backup, origin, database, tool, server, tables, sequences, schema
        case snapshotAt = "snapshot_at"
        case completedAt = "completed_at"
        case walPosition = "wal_lsn"
        case largeObjects = "large_objects"
        case checksumAlgorithm = "checksum_algorithm"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.currentVersion else { throw ManifestFlaw.version(version) }
        backup = try container.decode(BackupFile.self, forKey: .backup)
        origin = try container.decode(Origin.self, forKey: .origin)
        database = try container.decodeIfPresent(String.self, forKey: .database)
        snapshotAt = try container.decodeIfPresent(Timestamp.self, forKey: .snapshotAt)
        completedAt = try container.decodeIfPresent(Timestamp.self, forKey: .completedAt)
        walPosition = try container.decodeIfPresent(String.self, forKey: .walPosition)
        tool = try container.decode(Tool.self, forKey: .tool)
        server = try container.decode(Server.self, forKey: .server)
        tables = try container.decode([Table].self, forKey: .tables)
        sequences = try container.decodeIfPresent([Sequence].self, forKey: .sequences) ?? []
        largeObjects = try container.decodeIfPresent(LargeObjects.self, forKey: .largeObjects)
        schema = try container.decodeIfPresent(Schema.self, forKey: .schema)
        checksumAlgorithm = try container.decodeIfPresent(String.self, forKey: .checksumAlgorithm)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.currentVersion, forKey: .version)
        try container.encode(backup, forKey: .backup)
        try container.encode(origin, forKey: .origin)
        try container.encodeIfPresent(database, forKey: .database)
        try container.encodeIfPresent(snapshotAt, forKey: .snapshotAt)
        try container.encodeIfPresent(completedAt, forKey: .completedAt)
        try container.encodeIfPresent(walPosition, forKey: .walPosition)
        try container.encode(tool, forKey: .tool)
        try container.encode(server, forKey: .server)
        try container.encode(tables, forKey: .tables)
        try container.encode(sequences, forKey: .sequences)
        try container.encodeIfPresent(largeObjects, forKey: .largeObjects)
        try container.encodeIfPresent(schema, forKey: .schema)
        try container.encodeIfPresent(checksumAlgorithm, forKey: .checksumAlgorithm)
    }
}

extension Manifest {
    /// The JSON text, keys sorted, ending with a line feed: the same manifest is the same bytes.
    package func jsonBytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads the text of a manifest called `name` (for messages).
    ///
    /// - Throws: ``Obstacle`` `manifest-unusable` when it is not a manifest, of another version, made by an algorithm
    ///   that this version does not know, or contradicts itself: then nothing can be held against it, and that must
    ///   never look as if everything had been.
    package static func read(_ bytes: [UInt8], name: String) throws -> Manifest {
        do {
            let manifest = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
            try manifest.checkConsistency()
            return manifest
        } catch let flaw as ManifestFlaw {
            throw Obstacle(.manifestUnusable, "the manifest \(name) can't be used: \(flaw)", hint: flaw.hint)
        } catch {
            let why = (error as? DecodingError)?.plainText ?? "\(error)"
            throw Obstacle(
                .manifestUnusable, "\(name) is not a manifest, or is damaged: \(why)",
                hint: "Make the backup again with restorable dump, or verify it without a manifest.")
        }
    }

    private func checkConsistency() throws {
        if let checksumAlgorithm, !ChecksumAlgorithm.known.contains(checksumAlgorithm) {
            throw ManifestFlaw.algorithm(checksumAlgorithm)
        }
        if let schema, !ChecksumAlgorithm.knownForSchemas.contains(schema.algorithm) {
            throw ManifestFlaw.algorithm(schema.algorithm)
        }
        if checksumAlgorithm == nil, tables.contains(where: { $0.checksum != nil }) || largeObjects?.checksum != nil {
            throw ManifestFlaw.checksumsWithoutAlgorithm
        }
        var seen: Set<TableName> = []
        for table in tables where !seen.insert(table.name).inserted {
            throw ManifestFlaw.repeated(table.name)
        }
        if backup.name.isEmpty || backup.name.contains("/") { throw ManifestFlaw.name(backup.name) }
    }
}

extension DecodingError {
    /// What is wrong, and where, once: the error's own description says it twice.
    fileprivate var plainText: String {
        let (what, context): (String?, Context)
        switch self {
        case .keyNotFound(let key, let place): (what, context) = ("\(key.stringValue) is missing", place)
        case .typeMismatch(_, let place), .valueNotFound(_, let place), .dataCorrupted(let place):
            (what, context) = (nil, place)
        @unknown default: return "\(self)"
        }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        var text = what ?? context.debugDescription
        if text.last == "." { text.removeLast() }
        return path.isEmpty ? text : "\(path): \(text)"
    }
}
