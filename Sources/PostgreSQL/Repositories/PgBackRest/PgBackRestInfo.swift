import Backups
import FoundationEssentials

/// What `pgbackrest info --output=json` says of one stanza (pgBackRest's `src/command/info/info.c`).
struct PgBackRestInfo: Sendable, Decodable {
    struct Status: Sendable, Decodable {
        /// `INFO_STANZA_STATUS_CODE_…`.
        enum Code {
            static let ok = 0
            static let noBackup = 2
        }

        let code: Int
        let message: String
    }

    struct Repository: Sendable, Decodable {
        let key: Int
        let status: Status
    }

    struct Key: Sendable, Decodable {
        let id: Int
        let repository: Int?

        enum CodingKeys: String, CodingKey {
            case id
            case repository = "repo-key"
        }
    }

    struct Database: Sendable, Decodable {
        let id: Int
        let repository: Int?
        /// `9.6`, `15`.
        let version: String
        let system: UInt64?

        enum CodingKeys: String, CodingKey {
            case id, version
            case repository = "repo-key"
            case system = "system-id"
        }

        var major: Int? { Int(version.prefix { $0 != "." }) }
    }

    struct Archive: Sendable, Decodable {
        let database: Key
        /// `15-1`: its directory.
        let id: String
    }

    struct Backup: Sendable, Decodable {
        struct Times: Sendable, Decodable {
            let start: Int64
            let stop: Int64
        }

        struct Sizes: Sendable, Decodable {
            struct Stored: Sendable, Decodable {
                /// Not there where blocks of files are stored: what older backups have of them is not known.
                let size: UInt64?
                let delta: UInt64?
            }

            let size: UInt64?
            let repository: Stored
        }

        let label: String
        let timestamp: Times
        let info: Sizes
        let database: Key
        /// Pages had wrong checksums when they were copied; not known before 2.36.
        let error: Bool?
        let reference: [String]?
    }

    let name: String
    let status: Status
    let repo: [Repository]?
    let db: [Database]
    let backup: [Backup]
    let archive: [Archive]

    /// The archives of the cluster that `place` is of, in every repository; `nil`: of the newest.
    func archives(of place: RepositoryBackup.Place?) -> [Archive] {
        let wanted =
            place.flatMap { place in
                db.first { $0.id == place.database && ($0.repository ?? 1) == place.repository }
            } ?? db.max { $0.id < $1.id }
        return archive.filter { archive in
            let cluster = db.first {
                $0.id == archive.database.id && ($0.repository ?? 1) == (archive.database.repository ?? 1)
            }
            guard let wanted, let cluster else { return archive.database.id == place?.database }
            // Numbers are of one repository: another that was added after an upgrade begins with 1 again.
            return cluster.version == wanted.version
                && (wanted.system == nil ? cluster.id == wanted.id : cluster.system == wanted.system)
        }
    }

    /// Repositories that were passed over, while others were found.
    private var unseen: [String] {
        (repo ?? []).filter { ![Status.Code.ok, Status.Code.noBackup].contains($0.status.code) }.map {
            "repository \($0.key) of pgBackRest, which says \"\($0.status.message)\" of it,"
        }
    }

    /// Those of the stanza, the oldest first.
    var backups: [RepositoryBackup] {
        let unseen = unseen
        return backup.map { listed in
            var backup = RepositoryBackup(
                label: listed.label,
                storedSize: listed.info.repository.size ?? listed.info.repository.delta ?? listed.info.size ?? 0)
            backup.startedAt = Timestamp(seconds: listed.timestamp.start)
            backup.stoppedAt = Timestamp(seconds: listed.timestamp.stop)
            backup.size = listed.info.size
            backup.chain = listed.reference ?? []
            backup.unseen = unseen
            let place = RepositoryBackup.Place(
                repository: listed.database.repository ?? 1, database: listed.database.id)
            backup.place = place
            backup.major =
                db.first { $0.id == place.database && ($0.repository ?? 1) == place.repository }?.major
            if listed.error == true {
                backup.standing = .damaged("pages had wrong checksums in production when it was made")
            }
            return backup
        }.sorted { ($0.moment, $0.label) < ($1.moment, $1.label) }
    }

    /// Of the answer to one stanza.
    /// - Throws: ``Obstacle`` where pgBackRest can't tell what the stanza has.
    static func read(_ bytes: [UInt8], of address: RepositoryAddress) throws -> PgBackRestInfo {
        guard let all = try? JSONDecoder().decode([PgBackRestInfo].self, from: Data(bytes)),
            let stanza = all.first(where: { $0.name == address.name })
        else {
            throw Obstacle(
                .toolsTooOld, "pgbackrest info says nothing of \(address) that can be understood",
                hint: "2.32 or newer is needed: pgbackrest version.")
        }
        let usable = [Status.Code.ok, Status.Code.noBackup]
        let repositories = stanza.repo ?? []
        let isSeen =
            repositories.isEmpty
            ? usable.contains(stanza.status.code) : repositories.contains { usable.contains($0.status.code) }
        // One repository that can't be looked at may hold what the others lack; one without the stanza holds nothing.
        let closed = repositories.first { $0.status.code == 99 }
        guard isSeen, closed == nil else {
            let said = closed?.status.message ?? repositories.first { !usable.contains($0.status.code) }?.status.message
            throw Obstacle(
                .unreadable,
                "\(address) can't be listed: pgBackRest says: \(PgBackRestFailure.line(said ?? stanza.status.message))",
                hint: "Run it by hand, as this user: pgbackrest info --stanza=\(address.name).")
        }
        return stanza
    }
}
