import FoundationEssentials

/// What `backup_manifest` says of a base backup as a whole; its files are passed over.
///
/// JSON, as PostgreSQL's documentation describes it ("Backup Manifest Format"): version 2, since PostgreSQL 17, adds the
/// system identifier.
package struct BaseBackupManifest: Sendable, Equatable, Decodable {
    package struct WALRange: Sendable, Equatable, Decodable {
        package let timeline: UInt32
        package let start: WALPosition
        package let end: WALPosition

        private enum CodingKeys: String, CodingKey {
            case timeline = "Timeline"
            case start = "Start-LSN"
            case end = "End-LSN"
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            timeline = try container.decode(UInt32.self, forKey: .timeline)
            start = try Self.position(container, .start)
            end = try Self.position(container, .end)
        }

        private static func position(_ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws
            -> WALPosition
        {
            guard let position = WALPosition(try container.decode(String.self, forKey: key)) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "no position")
            }
            return position
        }
    }

    package let version: Int
    package let systemIdentifier: UInt64?
    package let walRanges: [WALRange]

    private enum CodingKeys: String, CodingKey {
        case version = "PostgreSQL-Backup-Manifest-Version"
        case systemIdentifier = "System-Identifier"
        case walRanges = "WAL-Ranges"
    }

    /// - Throws: `DecodingError` for what is no such file.
    package init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(BaseBackupManifest.self, from: Data(json))
    }
}
