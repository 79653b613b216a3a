internal import Backups

/// The name of a file in a directory of tars: which part of a base backup it holds, and what was done to it.
struct TarName: Equatable {
    /// What its ending says of it.
    enum Packing: Equatable {
        /// A tar, perhaps compressed, that is read: by its content.
        case readable
        /// A tar that is encrypted, in pieces, compressed by something else or under another name.
        case opaque(isEncrypted: Bool)
    }

    let name: String
    /// `nil` for a tar of another name than `pg_basebackup` gives.
    let part: BaseBackupLayout.TarFile.Part?
    let packing: Packing

    /// - Returns: `nil` for what is no tar: a checksum or a signature beside one, or anything else.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let stem = parts.first, let ending = parts.last?.lowercased() else { return nil }
        let endings = parts.dropFirst()
        guard endings.contains(where: { Self.archives.contains($0.lowercased()) }), !Self.companions.contains(ending)
        else { return nil }
        self.name = name
        part =
            switch stem {
            case "base": .base
            case "pg_wal": .wal
            default: UInt32(stem).map { .tablespace($0) }
            }
        let isReadable =
            part != nil && endings.first == "tar"
            && (endings.count == 1 || endings.count == 2 && BaseBackupNames.compressions.contains(ending))
        packing =
            isReadable
            ? .readable : .opaque(isEncrypted: endings.contains { Self.encryptions.contains($0.lowercased()) })
    }

    /// What is read of it.
    var file: BaseBackupLayout.TarFile? {
        guard packing == .readable else { return nil }
        return part.map { BaseBackupLayout.TarFile(name: name, part: $0) }
    }

    private static let archives: Set<String> = [
        "tar", "tgz", "taz", "tbz", "tbz2", "txz", "tlz", "tlz4", "tzst", "tzstd", "zip", "7z",
    ]
    private static let encryptions: Set<String> = ["gpg", "pgp", "asc", "age", "enc", "aes", "kms"]
    /// What tells of a tar and is none.
    private static let companions: Set<String> = [
        "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "b2", "b2sum", "b3", "crc32", "md5sum", "sha1sum",
        "sha256sum", "sha512sum", "sig", "minisig", "json", "txt", "log",
    ]
}
