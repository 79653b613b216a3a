import Backups
import Glibc
import Integrity

/// Brings a backup within reach and recognises it.
enum FetchStage {
    /// - Returns: `nil` when it is nothing that can be verified; then a check says so.
    static func run(_ ledger: inout VerificationLedger) throws -> FetchedBackup? {
        let path = ledger.request.backup
        let modified = try modificationTime(path)
        ledger.backup.time = DataTime(
            manifest: nil, dumpStart: nil, named: ledger.request.namedTime, completedAt: modified)
        let sniffed = try FormatSniffer.sniff(path: path)
        if let refusal = sniffed.refusal {
            ledger.evidence.checks.append(refusal)
            return nil
        }
        guard case .dump(let format, let compression) = sniffed else {
            throw Obstacle(.internalError, "a format that can't be verified was not refused")
        }
        ledger.backup.format = format
        ledger.backup.compression = format == .directory ? nil : compression
        let bytes: FileBytes? = format == .directory ? nil : try FileBytes(path)
        ledger.backup.sizeBytes = bytes?.size
        return FetchedBackup(path: path, bytes: bytes, format: format, compression: compression)
    }

    /// When the last byte was written, as the file system says.
    private static func modificationTime(_ path: String) throws -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let cause = String(cString: strerror(errno))
            throw Obstacle(.unreadable, "\(path) can't be read: \(cause)", hint: "Check the path and who may read it.")
        }
        return Timestamp(status.st_mtim)
    }
}
