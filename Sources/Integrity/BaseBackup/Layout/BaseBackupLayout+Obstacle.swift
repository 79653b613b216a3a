internal import Backups

extension BaseBackupLayout {
    /// Why a base backup with these names can't be read: a tar that it needs lies there in a way that is not read here, or twice.
    /// Neither is a fault of the backup's, and what is missing can't be told from what is hidden.
    ///
    /// - Returns: `nil` when nothing stands in the way.
    static func obstacle(names: some Sequence<String>) -> Obstacle? {
        let names = Set(names)
        guard !names.contains(BaseBackupNames.version) else { return nil }
        let tars = names.sorted().compactMap { TarName($0) }
        return twice(tars) ?? hidden(tars, names)
    }

    private static func twice(_ tars: [TarName]) -> Obstacle? {
        let parts = Dictionary(grouping: tars.compactMap(\.file), by: \.part).values.filter { $0.count > 1 }
        guard let same = parts.map({ $0.map(\.name) }).min(by: { $0[0] < $1[0] }) else { return nil }
        return Obstacle(
            .extraFile,
            "\(same.joined(separator: " and ")) are the same part of the backup: which one counts is not known",
            hint: "keep one of them; gzip -k and zstd leave the file that they compress")
    }

    private static func hidden(_ tars: [TarName], _ names: Set<String>) -> Obstacle? {
        let known = Set(tars.compactMap(\.file?.part))
        // The files themselves, or the tar of them, are there: what else lies beside them is told of later.
        let hasBase = known.contains(.base) || names.contains(BaseBackupNames.global)
        for tar in tars {
            guard case .opaque(let isEncrypted) = tar.packing else { continue }
            guard tar.part.map({ !known.contains($0) }) ?? !hasBase else { continue }
            return isEncrypted ? encrypted(tar.name) : unsupported(tar.name)
        }
        return nil
    }

    static func encrypted(_ name: String) -> Obstacle {
        Obstacle(
            .encrypted, "\(name) is encrypted, and a base backup is read as pg_basebackup wrote it",
            hint: "decrypt it into a directory of its own, beside its backup_manifest, and name that")
    }

    private static func unsupported(_ name: String) -> Obstacle {
        let endings = BaseBackupNames.compressions.map { ".\($0)" }.joined(separator: ", ")
        return Obstacle(
            .unsupportedFormat, "\(name) is no name of pg_basebackup's, and is not read",
            hint:
                "tars are called base.tar, OID.tar and pg_wal.tar, each perhaps with \(endings): rename it, put its pieces "
                + "together, or unpack it")
    }
}
