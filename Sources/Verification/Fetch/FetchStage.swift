import Backups
import Glibc
import Integrity
import PostgreSQL

/// Brings a backup within reach and recognises it.
struct FetchStage {
    let request: VerificationRequest
    let progress: any ProgressObserver
    let cancellation: Cancellation

    /// - Returns: `nil` when it is nothing that can be verified; then a check says so.
    func run(_ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        try cancellation.check()
        let remote = try RemoteBackup.find(request.backup, in: request.locations, cancellation: cancellation)
        let stored = opened(remote)
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: nil, named: request.namedTime,
            completedAt: try request.knownCompletion ?? completion(remote))
        switch remote {
        case .directory(let directory): return try recognise(directory, &ledger)
        case .baseBackup(let location, _): return try recognise(location, &ledger)
        case .object, nil: break
        }
        if let filter = request.filter {
            let source = try stored ?? FileBytes(request.backup)
            return try recognise(
                try spooled(
                    FilteredBytes(
                        command: filter, source: source,
                        launcher: FilterProcess(withheld: request.withheldVariables), cancellation: cancellation)),
                &ledger)
        }
        switch stored {
        case nil: return try recognise(&ledger)
        case let input as DescriptorBytes: return try recognise(try spooled(input), &ledger)
        case let object?: return try recognise(object, &ledger)
        }
    }

    /// What is no file of this machine; `nil` for what is.
    private func opened(_ remote: RemoteBackup?) -> (any StoredBytes)? {
        if case .object(let object) = remote { return object }
        guard request.backup != VerificationRequest.standardInput else {
            return DescriptorBytes(STDIN_FILENO, cancellation: cancellation)
        }
        return nil
    }

    private func completion(_ remote: RemoteBackup?) throws -> Timestamp? {
        if let remote { return remote.modified }
        return request.backup == VerificationRequest.standardInput ? nil : try modificationTime(request.backup)
    }

    /// What can be read once only, or costs much to read, in a file without a name: it can be read again from anywhere.
    private func spooled(_ source: any StoredBytes) throws -> SpooledBytes {
        try SpooledBytes(
            source, directory: ScratchRoot(request.spoolDirectory).path, limits: request.restore.spoolLimits)
    }

    private func recognise(_ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        let path = request.backup
        let sniffed = try FormatSniffer.sniff(path: path)
        guard sniffed.refusal == nil || !ManifestName.isManifest(path) else { throw isManifest }
        guard let (format, compression) = try accept(sniffed, &ledger) else { return nil }
        let bytes: FileBytes? = format.isDirectory ? nil : try FileBytes(path)
        ledger.backup.sizeBytes = bytes?.size
        // What pg_restore will open by its name. A base backup is looked at by whoever reads it.
        let isOpenedAgain = [.custom, .directory, .tar].contains(format)
        return FetchedBackup(
            path: path, bytes: bytes, format: format, compression: compression,
            base: format == .basebackup ? .directory(path) : nil,
            sighting: isOpenedAgain ? try DumpSighting(path) : nil)
    }

    /// A base backup that lies elsewhere is read where it lies.
    private func recognise(_ base: any Location, _ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        try refuseFilter()
        ledger.backup.format = .basebackup
        return FetchedBackup(path: nil, bytes: nil, format: .basebackup, compression: .none, base: .location(base))
    }

    private func recognise(_ spool: SpooledBytes, _ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        let sniffed = try FormatSniffer.sniff(spool)
        if case .empty(.none) = sniffed, let size = spool.factsBeforeFilter?.size, size > 0 {
            throw Obstacle(
                .filterFailed, "the filter made nothing of \(Quantity.count(size, "byte")): its output is empty",
                hint: "run the filter by hand on the file: it must write the dump to standard output")
        }
        if sniffed.refusal != nil, request.filter != nil {
            // What a filter wrote is only judged when it did not fail: it may have written why.
            try spool.fetch(progress: progress, cancellation: cancellation)
        }
        guard let (format, compression) = try accept(sniffed, &ledger) else { return nil }
        return FetchedBackup(path: nil, bytes: spool, format: format, compression: compression)
    }

    /// An object is read where it lies, by the restore once more. pg_restore wants an archive several times, so that is fetched once.
    private func recognise(
        _ object: any StoredBytes, _ ledger: inout VerificationLedger
    ) throws -> FetchedBackup? {
        ledger.backup.sizeBytes = object.size
        let sniffed = try FormatSniffer.sniff(object)
        guard sniffed.refusal == nil || !ManifestName.isManifest(request.backup) else { throw isManifest }
        guard let (format, compression) = try accept(sniffed, &ledger) else { return nil }
        let isText = format == .plain || format == .plainAll
        return FetchedBackup(
            path: nil, bytes: isText ? RecalledBytes(object) : try spooled(object), format: format,
            compression: compression)
    }

    /// The files of a directory dump are fetched once: both our own reader and pg_restore find them by name.
    private func recognise(
        _ directory: RemoteDirectory, _ ledger: inout VerificationLedger
    ) throws -> FetchedBackup? {
        try refuseFilter()
        guard let (format, compression) = try accept(directory.sniffed, &ledger) else { return nil }
        guard format != .basebackup else { return try recognise(directory.location, &ledger) }
        ledger.backup.sizeBytes = directory.size
        let folder = try DirectoryFetch(
            directory, scratch: request.spoolDirectory, limits: request.restore.spoolLimits, progress: progress,
            cancellation: cancellation
        ).run()
        return FetchedBackup(
            path: folder.path, bytes: nil, format: format, compression: compression, copy: (folder, directory.size),
            origin: directory)
    }

    private func refuseFilter() throws {
        guard request.filter != nil else { return }
        throw Obstacle(
            .unsupportedFormat, "\(request.backup) is a directory, which no filter reads",
            hint: "Copy it to a disk, and run the filter on each file.")
    }

    private var isManifest: Obstacle {
        Obstacle(
            .unsupportedFormat, "\(request.backup) is the manifest of a backup, and no backup",
            hint: "Name the backup: \(request.backup.dropLast(ManifestName.suffix.count))")
    }

    /// - Returns: `nil`, and a check, for what can't be verified.
    private func accept(
        _ sniffed: Sniffed, _ ledger: inout VerificationLedger
    ) throws -> (format: BackupFormat, compression: Compression)? {
        if let refusal = sniffed.refusal {
            ledger.evidence.checks.append(refusal)
            return nil
        }
        guard case .dump(let format, let compression) = sniffed else {
            throw Obstacle(.internalError, "a format that can't be verified was not refused")
        }
        ledger.backup.format = format
        ledger.backup.compression = format.isDirectory ? nil : compression
        return (format, compression)
    }

    /// When the last byte was written, as the file system says.
    private func modificationTime(_ path: String) throws -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let cause = String(cString: strerror(errno))
            throw Obstacle(.unreadable, "\(path) can't be read: \(cause)", hint: "Check the path and who may read it.")
        }
        return Timestamp(status.st_mtim)
    }
}
