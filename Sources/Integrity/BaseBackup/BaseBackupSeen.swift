package import Backups

/// What a base backup was found to hold.
package struct BaseBackupSeen: Sendable, Equatable {
    package var files = 0
    /// Of the files, unpacked.
    package var bytes: UInt64 = 0
    /// Of what was read, as it is stored.
    package var storedBytes: UInt64 = 0
    /// Of its tar of the data directory; `nil` for a plain one.
    package var compression: Compression?
    /// Where the server kept its tablespaces, by the path of their links; only of tars, which carry the links.
    package var tablespaces: [DataPath: String] = [:]
    /// Small files that say what to do with the rest.
    package var contents: [DataPath: [UInt8]] = [:]
    /// The manifest that a tar holds, where none lies beside the tars.
    package var carriedManifest: [UInt8]?
    /// Names beside the tars that belong to no base backup.
    package var strangers: [String] = []

    /// Which those are.
    static let kept = [DataPath("PG_VERSION"), DataPath("backup_label"), tablespaceMap, ControlFile.path]
    /// Most bytes of one.
    static let mostKept = 1 << 20
    /// Written into backups of tars, which have no links: `OID PATH` on each line
    /// (`build_backup_content` and `do_pg_backup_start` of src/backend/access/transam).
    static let tablespaceMap = DataPath("tablespace_map")

    /// The major version of the server that it was taken from; `nil` when it does not say.
    package var major: Int? {
        contents[DataPath("PG_VERSION")].flatMap { Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber)) }
    }

    /// `nil` when it is not there, or is none.
    package var control: ControlFile? { contents[ControlFile.path].flatMap { ControlFile($0) } }

    /// The text of `backup_label`, which says where recovery begins; `nil` when it is not there.
    package var label: String? {
        contents[DataPath("backup_label")].map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where recovery begins (`START WAL LOCATION: 0/2000028 (file …)`); `nil` where a label does not say it.
    static func start(inLabel text: String) -> UInt64? {
        let words =
            text.split(separator: "\n").first { $0.hasPrefix("START WAL LOCATION: ") }?.split(separator: " ") ?? []
        return words.count > 3 ? BaseBackupManifest.position(Array(words[3].utf8)) : nil
    }

    /// By the map of a backup of tars.
    var mappedTablespaces: Set<UInt32> {
        let map = contents[Self.tablespaceMap].map { String(decoding: $0, as: UTF8.self) } ?? ""
        return Set(map.split(whereSeparator: \.isNewline).compactMap { UInt32($0.prefix { $0 != " " }) })
    }
}
