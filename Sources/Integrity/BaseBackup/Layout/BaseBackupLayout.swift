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
        let tars = names.compactMap { TarName($0)?.file }
        guard tars.contains(where: { $0.part == .base }) else {
            // All but the manifest may be gone.
            guard names.contains(BaseBackupManifest.fileName) else { return nil }
            self = tars.isEmpty ? .plain : .tar(tars.sorted(by: Self.order))
            return
        }
        self = .tar(tars.sorted(by: Self.order))
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
