import Backups
import FoundationEssentials

/// What the command `list` of a configured tool prints: a JSON array with an object for each backup. Its members may also be called
/// as WAL-G calls them (`BackupDetail` of internal/databases/postgres/backup_detail.go), whose `backup-list --detail --json` is
/// such a list.
struct CommandListing: Sendable {
    private struct Listed: Decodable {
        let name: String?
        let backup_name: String?
        let status: String?
        let start_time: ListedTime?
        let finish_time: ListedTime?
        let time: ListedTime?
        let size: UInt64?
        let uncompressed_size: UInt64?
        let stored_size: UInt64?
        let compressed_size: UInt64?
        let pg_version: Int?
    }

    /// Text with a zone, or seconds since 1970.
    private struct ListedTime: Decodable {
        let value: Timestamp

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let seconds = try? container.decode(Double.self), seconds.isFinite, abs(seconds) < 1e11 {
                value = Timestamp(microseconds: Int64(seconds * 1e6))
            } else if let time = Timestamp(try container.decode(String.self)) {
                value = time
            } else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time")
            }
        }
    }

    let backups: [RepositoryBackup]

    /// - Throws: ``Obstacle`` where it can't be understood.
    init(_ bytes: [UInt8], of address: RepositoryAddress) throws {
        func refusal(_ what: String) -> Obstacle {
            Obstacle(
                .unreadable, "\(address.title) lists its backups in a way that can't be understood: \(what)",
                hint: "docs/tools.md says what its list must print.")
        }
        let listed: [Listed]
        do {
            listed = try JSONDecoder().decode([Listed].self, from: Data(bytes))
        } catch {
            throw refusal("it is no JSON array of objects, or a time has no zone, or a number is none")
        }
        backups = try listed.map { entry in
            guard let name = entry.name ?? entry.backup_name, RepositoryAddress.isName(name) else {
                throw refusal("a backup has no name of letters, digits, _, - and . alone")
            }
            let size = entry.size ?? entry.uncompressed_size
            var backup = RepositoryBackup(
                label: name, storedSize: entry.stored_size ?? entry.compressed_size ?? size)
            backup.startedAt = entry.start_time?.value
            backup.stoppedAt = (entry.finish_time ?? entry.time)?.value
            backup.size = size
            // 150004 as `server_version_num`, or 15.
            backup.major = entry.pg_version.map { $0 >= 10_000 ? $0 / 10_000 : $0 }
            switch entry.status {
            case nil, "complete": break
            case "failed": backup.standing = .failed("its status is failed")
            case "unfinished": backup.standing = .unfinished
            case let other?: throw refusal("\(name) has the status \"\(other)\"")
            }
            return backup
        }.sorted { ($0.moment, $0.label) < ($1.moment, $1.label) }
    }
}
