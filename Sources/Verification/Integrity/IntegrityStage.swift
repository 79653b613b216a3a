import Backups
import Integrity
import PostgreSQL

/// Proves the bytes of a backup in one pass over them. A damaged one ends here, before any server is started.
struct IntegrityStage {
    let backup: FetchedBackup
    let limits: IntegrityLimits
    let jobs: Int
    let progress: any ProgressObserver
    let cancellation: Cancellation

    /// Size and digest are noted in `facts` even when the bytes are damaged.
    func run(noting facts: inout BackupFacts) throws -> ProvedBytes {
        let proved =
            switch backup.format {
            case .plain, .plainAll: try readText(noting: &facts)
            case .custom, .directory, .tar: try readArchive(noting: &facts)
            case .basebackup:
                throw Obstacle(
                    .unsupportedFormat, "a base backup has a manifest of its own, \(BaseBackupNames.manifest)",
                    hint: "verify it: its files are held against that")
            case .pgbackrest, .barman, .barmanCloud, .command:
                throw Obstacle(.unsupportedFormat, "it lies in a repository, which only its own tool reads")
            }
        facts.sizeBytes = proved.stored.size
        facts.sha256 = proved.stored.sha256
        facts.contentBytes = proved.contentBytes
        facts.dumpedFrom = proved.contents.header.serverVersion
        facts.dumpedBy = proved.contents.header.toolVersion
        return proved
    }

    private func readText(noting facts: inout BackupFacts) throws -> ProvedBytes {
        guard let bytes = backup.bytes else { throw Obstacle(.internalError, "a plain dump without bytes") }
        let pass = IntegrityPass(
            source: bytes, compression: backup.compression, consumer: DumpScanner(), limits: limits,
            progress: progress, cancellation: cancellation)
        defer { note(bytes.factsBeforeFilter ?? pass.stored, in: &facts) }
        let result = try pass.run()
        guard let scanned = pass.consumer.result else {
            throw Obstacle(.internalError, "the scan of the dump has no end")
        }
        let content = CheckpointedContent(
            source: bytes, compression: backup.compression, checkpoints: result.checkpoints)
        return ProvedBytes(
            contents: scanned.contents, source: .content(content, scanned.plan),
            stored: bytes.factsBeforeFilter ?? StoredFacts(size: result.storedBytes, sha256: result.sha256),
            copied: copied, contentBytes: result.contentBytes, content: result.content,
            checks: [compressionCheck(result)].compactMap(\.self) + scanned.checks)
    }

    private func compressionCheck(_ result: PassResult) -> Check? {
        guard backup.compression != .none else { return nil }
        let unit =
            switch backup.compression {
            case .none, .gzip: "member"
            case .zstd, .lz4: "frame"
            case .xz, .bzip2: "stream"
            }
        let parts = Quantity.count(UInt64(result.members), unit)
        let message =
            result.hasContentChecksum
            ? "\(parts), checksum and length of each hold" : "\(parts), without checksums of the content"
        return .verified(backup.compression.rawValue, in: .integrity, message)
    }

    private func readArchive(noting facts: inout BackupFacts) throws -> ProvedBytes {
        guard let bytes = backup.bytes else { return try readDirectory() }
        let pass = ArchivePass(
            source: bytes, format: backup.format, compression: backup.compression, limits: limits, progress: progress,
            cancellation: cancellation)
        defer { note(bytes.factsBeforeFilter ?? pass.stored, in: &facts) }
        let result = try pass.run()
        // What is compressed as a whole, or has no name, is piped into pg_restore.
        let source: ArchiveSource =
            if let path = backup.path, backup.compression == .none {
                .path(path)
            } else {
                .content(CheckpointedContent(source: bytes, compression: backup.compression))
            }
        return proved(result, source, stored: bytes.factsBeforeFilter ?? result.stored)
    }

    private func readDirectory() throws -> ProvedBytes {
        guard let path = backup.path else { throw Obstacle(.internalError, "a directory without a path") }
        let result = try ArchiveReader.verify(
            path, format: .directory, threads: jobs, limits: limits, progress: progress, cancellation: cancellation)
        return proved(result, .path(path), stored: result.stored)
    }

    private func proved(_ result: ArchiveResult, _ source: ArchiveSource, stored: StoredFacts) -> ProvedBytes {
        ProvedBytes(
            contents: result.contents, source: .archive(source, backup.format, result), stored: stored,
            copied: copied, contentBytes: nil, content: result.hasContentChecksum ? .proved : .unproved,
            checks: result.checks)
    }

    /// Once the bytes were read to their end.
    private var copied: UInt64 { backup.copy?.size ?? (backup.bytes as? SpooledBytes)?.size ?? 0 }

    private func note(_ stored: StoredFacts?, in facts: inout BackupFacts) {
        guard let stored else { return }
        facts.sizeBytes = stored.size
        facts.sha256 = stored.sha256
    }
}
