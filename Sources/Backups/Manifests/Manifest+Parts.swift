extension Manifest {
    /// The file or directory that the manifest speaks of.
    package struct BackupFile: Sendable, Equatable, Codable {
        /// Its name, without a directory.
        package var name: String
        /// Bytes of the file; of all files of a directory.
        package var size: UInt64
        /// SHA-256 of the file; of a directory: of the lines `<hex>  <path>\n`, one for each file, sorted by the bytes
        /// of the path relative to it.
        package var sha256: SHA256Digest
        package var format: BackupFormat
        package var compression: Compression?

        package init(
            name: String, size: UInt64, sha256: SHA256Digest, format: BackupFormat, compression: Compression? = nil
        ) {
            self.name = name
            self.size = size
            self.sha256 = sha256
            self.format = format
            self.compression = compression
        }

        private enum CodingKeys: String, CodingKey {
            case name, sha256, format, compression
            case size = "size_bytes"
        }
    }

    package struct Tool: Sendable, Equatable, Codable {
        package var restorable: String
        /// As `pg_dump --version` or the dump's header says it.
        package var pgDump: String?

        package init(restorable: String = ToolVersion.current, pgDump: String?) {
            self.restorable = restorable
            self.pgDump = pgDump
        }

        private enum CodingKeys: String, CodingKey {
            case restorable
            case pgDump = "pg_dump"
        }
    }

    package struct Server: Sendable, Equatable, Codable {
        /// `server_version`, as the server says it.
        package var version: String?
        package var encoding: String?
        package var collation: String?
        package var characterType: String?

        package init(
            version: String?, encoding: String? = nil, collation: String? = nil, characterType: String? = nil
        ) {
            self.version = version
            self.encoding = encoding
            self.collation = collation
            self.characterType = characterType
        }

        /// 15 for "15.18 (Debian 15.18-0+deb12u1)".
        package var major: Int? { version.flatMap { Int($0.prefix(while: \.isNumber)) } }

        private enum CodingKeys: String, CodingKey {
            case version, encoding, collation
            case characterType = "character_type"
        }
    }

    package struct Table: Sendable, Equatable {
        package var name: TableName
        package var rows: UInt64
        package var checksum: String?

        package init(name: TableName, rows: UInt64, checksum: String? = nil) {
            self.name = name
            self.rows = rows
            self.checksum = checksum
        }
    }

    package struct LargeObjects: Sendable, Equatable, Codable {
        package var count: UInt64
        package var checksum: String?

        package init(count: UInt64, checksum: String? = nil) {
            self.count = count
            self.checksum = checksum
        }
    }

    /// Digests of the schema: no definition leaves the database, so a manifest may lie beside an encrypted backup.
    package struct Schema: Sendable, Equatable, Codable {
        /// Over all objects at once.
        package var fingerprint: SHA256Digest
        package var algorithm: String
        /// `column public.orders.note` → the first 128 bits, in hexadecimal, of the SHA-256 of its canonical line, so
        /// that a difference can be named.
        package var objects: [String: String]

        package init(fingerprint: SHA256Digest, algorithm: String, objects: [String: String]) {
            self.fingerprint = fingerprint
            self.algorithm = algorithm
            self.objects = objects
        }
    }
}

extension Manifest.Table: Codable {
    private enum CodingKeys: String, CodingKey {
        case database, schema, name, rows, checksum
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = TableName(
            database: try container.decodeIfPresent(String.self, forKey: .database),
            schema: try container.decode(String.self, forKey: .schema),
            name: try container.decode(String.self, forKey: .name))
        rows = try container.decode(UInt64.self, forKey: .rows)
        checksum = try container.decodeIfPresent(String.self, forKey: .checksum)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name.database, forKey: .database)
        try container.encode(name.schema, forKey: .schema)
        try container.encode(name.name, forKey: .name)
        try container.encode(rows, forKey: .rows)
        try container.encodeIfPresent(checksum, forKey: .checksum)
    }
}
