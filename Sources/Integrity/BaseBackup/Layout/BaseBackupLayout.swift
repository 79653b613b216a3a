internal import Backups

/// How a base backup lies in its directory.
package enum BaseBackupLayout: Sendable, Equatable {
    /// A data directory, as `pg_basebackup -Fp` and file copies make it.
    case plain
    /// `base.tar`, one for each tablespace, and perhaps one for the write-ahead log, each perhaps compressed: `-Ft`.
    case tar([TarFile])

    /// One tar of a base backup.
    package struct TarFile: Sendable, Equatable {
        package enum Part: Sendable, Hashable {
            case base
            case wal
            /// By its OID.
            case tablespace(UInt32)
        }

        /// In the directory of the backup.
        package let name: String
        package let part: Part

        /// Where its members lie in the data directory.
        package var prefix: DataPath {
            switch part {
            case .base: DataPath("")
            case .wal: .wal
            case .tablespace(let oid): DataPath("\(DataPath.tablespaces)/\(oid)")
            }
        }
    }

    /// - Parameter names: in a directory.
    /// - Returns: `nil` for a directory that is no base backup.
    package init?(names: some Sequence<String>) {
        let names = Set(names)
        // The file that says which version a data directory is of: no server starts without it.
        if names.contains(BaseBackupNames.version) {
            self = .plain
            return
        }
        let tars = names.compactMap(Self.tar)
        guard tars.contains(where: { $0.part == .base }) else {
            // All but the manifest may be gone.
            guard names.contains(BaseBackupManifest.fileName) else { return nil }
            self = tars.isEmpty ? .plain : .tar(tars.sorted(by: Self.order))
            return
        }
        self = .tar(tars.sorted(by: Self.order))
    }

    /// `base.tar`, `pg_wal.tar` and `16384.tar`, with any of the suffixes that `pg_basebackup --compress` gives, or people do.
    private static func tar(_ name: String) -> TarFile? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && BaseBackupNames.compressions.contains(String(parts[2])),
            parts[1] == "tar"
        else {
            return nil
        }
        switch parts[0] {
        case "base": return TarFile(name: name, part: .base)
        case "pg_wal": return TarFile(name: name, part: .wal)
        default: return UInt32(parts[0]).map { TarFile(name: name, part: .tablespace($0)) }
        }
    }

    /// The base first, for it holds the directories that the others unpack into.
    private static func order(_ left: TarFile, _ right: TarFile) -> Bool {
        func rank(_ file: TarFile) -> (Int, UInt32, String) {
            switch file.part {
            case .base: (0, 0, file.name)
            case .tablespace(let oid): (1, oid, file.name)
            case .wal: (2, 0, file.name)
            }
        }
        return rank(left) < rank(right)
    }
}
