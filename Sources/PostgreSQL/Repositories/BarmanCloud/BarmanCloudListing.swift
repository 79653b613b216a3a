import Backups
import FoundationEssentials

/// What `barman-cloud-backup-list --format json` says of one server (barman/clients/cloud_backup_list.py; `BackupInfo.to_json` of
/// barman/infofile.py).
struct BarmanCloudListing: Sendable {
    /// What the store says of a backup.
    struct Stored: Sendable, Equatable {
        var bytes: UInt64 = 0
        var noted: Timestamp?
        var parts = BarmanCloudParts()
    }

    private struct Answer: Decodable {
        let backups_list: [Listed]
    }

    private struct Listed: Decodable {
        let backup_id: String
        let status: String
        let error: String?
        let version: Int?
        let backup_label: String?
        let tablespaces: [[Part]]?
    }

    /// Of a tablespace: its name, its number, its place.
    private enum Part: Decodable {
        case text(String)
        case number

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(String.self)).map { .text($0) } ?? .number
        }
    }

    /// Without what the store says of them.
    let backups: [RepositoryBackup]
    private let tablespaces: [String: [String]]

    /// - Throws: ``Obstacle`` where it can't be understood.
    init(_ bytes: [UInt8], of address: RepositoryAddress) throws {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
            throw Obstacle(
                .toolsTooOld, "barman-cloud-backup-list says nothing of \(address) that can be understood",
                hint: "3.4 is known to: barman-cloud-backup-list --version.")
        }
        var tablespaces: [String: [String]] = [:]
        backups = answer.backups_list.map { entry in
            tablespaces[entry.backup_id] = (entry.tablespaces ?? []).compactMap { parts in
                if case .text(let name)? = parts.first { name } else { nil }
            }
            var backup = RepositoryBackup(label: entry.backup_id, storedSize: nil)
            // Its own times are told without their zone.
            backup.startedAt = entry.backup_label.flatMap { BackupLabel(Self.unquoted($0))?.startedAt }
            backup.major = entry.version.map { $0 / 10_000 }
            // `BackupInfo.STATUS_ALL` of barman/infofile.py.
            switch entry.status {
            case "DONE", "WAITING_FOR_WALS": backup.standing = .complete
            case "FAILED": backup.standing = .failed(entry.error ?? "its status is FAILED")
            default: backup.standing = .unfinished
            }
            return backup
        }
        self.tablespaces = tablespaces
    }

    /// The names of a backup's tablespaces; `nil` for one that is not listed.
    func tablespaces(of label: String) -> [String]? { tablespaces[label] }

    /// The oldest first.
    func backups(with stored: [String: Stored]) -> [RepositoryBackup] {
        backups.map { backup in
            var backup = backup
            backup.storedSize = stored[backup.label]?.bytes
            if backup.isComplete { backup.stoppedAt = stored[backup.label]?.noted }
            return backup
        }.sorted { ($0.label, $0.moment) < ($1.label, $1.moment) }
    }

    /// As Python writes a text that has line ends.
    private static func unquoted(_ text: String) -> String {
        text.trimmingPrefix("'").split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }
}
