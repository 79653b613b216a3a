package import Backups

/// One pass over a custom or tar archive: ``ContentPipeline``, which inflates where the archive was compressed as a whole,
/// with a consumer that walks it. The bytes are digested to their end even when they are damaged.
package final class ArchivePass {
    /// Size and digest of the stored bytes, also after ``run()`` threw ``ContentDamage``; `nil` when they were not read
    /// to their end.
    package var stored: StoredFacts? { pipeline.stored }

    private let source: any StoredBytes
    private let format: BackupFormat
    private let compression: Compression
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation
    private let pipeline: ContentPipeline

    /// - Parameters:
    ///   - format: `custom` or `tar`.
    ///   - compression: of the archive as a whole; `none` for one as pg_dump writes it.
    package init(
        source: any StoredBytes, format: BackupFormat, compression: Compression = .none,
        limits: IntegrityLimits = IntegrityLimits(), progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.source = source
        self.format = format
        self.compression = compression
        self.limits = limits
        self.progress = progress
        self.cancellation = cancellation
        pipeline = ContentPipeline(
            source: source, compression: compression, limits: limits, progress: progress, cancellation: cancellation)
    }

    /// Runs the pass; once only. Blocking: never on the cooperative pool.
    /// - Throws: ``ContentDamage`` where the archive is at fault, ``Obstacle`` where it could not be read.
    package func run() throws -> ArchiveResult {
        progress.begin(.integrity, total: source.size, unit: .bytes)
        defer { progress.end(.integrity) }
        let ((toc, tally), stored, members) = try pipeline.run { content, _ in try walk(content) }
        return ArchiveResult(
            file: toc, tally, format, stored,
            isCoveredByChecksum: members.map { $0.allHaveChecksum && $0.count == 1 } ?? false)
    }

    private func walk(_ content: BufferRing) throws -> (toc: ArchiveTOC, tally: ArchiveTally) {
        let input = ArchiveInput(
            RingReader(content), name: source.name, size: compression == .none ? source.size : nil,
            cancellation: cancellation)
        switch format {
        case .custom: return try CustomArchive.read(input, limits)
        case .tar: return try TarArchive.read(input, limits)
        case .directory, .plain, .plainAll, .basebackup, .pgbackrest, .barman, .barmanCloud, .command:
            throw Obstacle(.internalError, "\(source.name) is read as an archive in one file, and is \(format)")
        }
    }
}
