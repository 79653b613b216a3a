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
        let isStandardInput = request.backup == VerificationRequest.standardInput
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: nil, named: request.namedTime,
            completedAt: isStandardInput ? nil : try request.knownCompletion ?? modificationTime(request.backup))
        guard isStandardInput || request.filter != nil else { return try recognise(&ledger) }
        // Read once only; spooled to a file without a name, it can be read again from anywhere.
        let root = try ScratchRoot(request.spoolDirectory)
        let spool = try SpooledBytes(
            source(isStandardInput), directory: root.path, limits: request.restore.spoolLimits)
        return try recognise(spool, &ledger)
    }

    private func source(_ isStandardInput: Bool) throws -> any StoredBytes {
        let stored: any StoredBytes =
            isStandardInput
            ? DescriptorBytes(STDIN_FILENO, cancellation: cancellation) : try FileBytes(request.backup)
        guard let filter = request.filter else { return stored }
        return FilteredBytes(
            command: filter, source: stored, launcher: FilterProcess(withheld: request.withheldVariables),
            cancellation: cancellation)
    }

    private func recognise(_ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        let path = request.backup
        let sniffed = try FormatSniffer.sniff(path: path)
        guard sniffed.refusal == nil || !ManifestName.isManifest(path) else {
            throw Obstacle(
                .unsupportedFormat, "\(path) is the manifest of a backup, and no backup",
                hint: "Name the backup: \(path.dropLast(ManifestName.suffix.count))")
        }
        guard let (format, compression) = try accept(sniffed, &ledger) else { return nil }
        let bytes: FileBytes? = format == .directory ? nil : try FileBytes(path)
        ledger.backup.sizeBytes = bytes?.size
        return FetchedBackup(path: path, bytes: bytes, format: format, compression: compression)
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
        ledger.backup.compression = format == .directory ? nil : compression
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
