import Backups

/// What `barman -f json list-backups` says of one server (Barman's `barman/output.py`, `JsonOutputWriter`).
struct BarmanListing: Sendable {
    private struct Listed: Decodable {
        let backup_id: String
        let status: String
        let end_time_timestamp: BarmanNumber?
        let size_bytes: BarmanNumber?
    }

    let backups: [RepositoryBackup]

    /// - Throws: ``Obstacle`` where it can't be understood.
    init(_ bytes: [UInt8], of address: RepositoryAddress) throws {
        guard let listed = BarmanAnswer<[Listed]>.read(bytes, of: address.name) else {
            throw Obstacle(
                .toolsTooOld, "barman list-backups says nothing of \(address) that can be understood",
                hint: "2.13 or newer is needed: barman --version.")
        }
        backups = listed.map { entry in
            var backup = RepositoryBackup(label: entry.backup_id, storedSize: entry.size_bytes?.value ?? 0)
            backup.stoppedAt = entry.end_time_timestamp.map { Timestamp(seconds: Int64(clamping: $0.value)) }
            backup.size = entry.size_bytes?.value
            // `BackupInfo.STATUS_ALL` of barman/infofile.py.
            switch entry.status {
            case "DONE", "WAITING_FOR_WALS": backup.standing = .complete
            case "FAILED": backup.standing = .failed("its status is FAILED")
            default: backup.standing = .unfinished
            }
            return backup
        }.sorted { ($0.moment, $0.label) < ($1.moment, $1.label) }
    }
}

/// What `barman -f json show-backup` says of one backup.
struct BarmanBackup: Sendable {
    struct Tablespace: Decodable, Sendable {
        let name: String
    }

    private struct Shown: Decodable {
        struct Base: Decodable {
            let begin_time_timestamp: BarmanNumber?
            let end_time_timestamp: BarmanNumber?
        }

        let base_backup_information: Base?
        let postgresql_version: BarmanNumber?
        let tablespaces: [Tablespace]?
        let error: String?
    }

    let startedAt: Timestamp?
    let major: Int?
    /// `nil` where it does not say.
    let tablespaces: [Tablespace]?
    let error: String?

    init?(_ bytes: [UInt8], of address: RepositoryAddress) {
        guard let shown = BarmanAnswer<Shown>.read(bytes, of: address.name) else { return nil }
        startedAt = (shown.base_backup_information?.begin_time_timestamp).map {
            Timestamp(seconds: Int64(clamping: $0.value))
        }
        // 150018 since PostgreSQL 10.
        major = shown.postgresql_version.map { Int($0.value / 10_000) }
        tablespaces = shown.tablespaces
        error = shown.error
    }
}

/// A whole number, which some versions write as a string.
struct BarmanNumber: Decodable, Sendable {
    let value: UInt64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(UInt64.self) {
            value = number
        } else if let number = UInt64(try container.decode(String.self)) {
            value = number
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number")
        }
    }
}
