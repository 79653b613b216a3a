import Backups
import Integrity

/// Reads a backup once more in which damage was found, where a line may have done it: the verdict is the backup's only where it lies
/// damaged.
struct SecondReading {
    let backup: FetchedBackup
    let progress: any ProgressObserver
    let cancellation: Cancellation

    /// Where other bytes come, or none, what failed has not failed.
    func run(_ ledger: inout VerificationLedger) {
        // How many bytes there are the store itself says.
        guard ledger.evidence.checks.contains(where: { $0.verdict == .failed && $0.reason != .tooSmall }) else {
            return
        }
        let outcome = ledger.perform(.integrity) { ledger in
            Result {
                for bytes in try doubted(ledger.backup) {
                    try bytes.confirm(progress: progress, cancellation: cancellation)
                }
            }
        }
        guard case .failure(let error) = outcome, let obstacle = error as? Obstacle else { return }
        ledger.evidence.checks = ledger.evidence.checks.map { $0.reason == .tooSmall ? $0 : $0.hindered(by: obstacle) }
    }

    /// - Returns: empty where no line lies between.
    private func doubted(_ facts: BackupFacts) throws -> [DoubtedBytes] {
        if let origin = backup.origin, let path = backup.path { return try files(origin, path) }
        guard let bytes = backup.bytes, let digest = facts.sha256 else { return [] }
        return [DoubtedBytes(bytes, first: digest)].compactMap(\.self)
    }

    /// All that was fetched: which of them is damaged shows in none by itself.
    private func files(_ origin: RemoteDirectory, _ path: String) throws -> [DoubtedBytes] {
        try origin.objects.filter(RemoteDirectory.isOfDump).compactMap { object in
            let bytes = try origin.location.open(object.path, cancellation: cancellation)
            guard bytes.overLine != nil else { return nil }
            return try DoubtedBytes(bytes, first: FileBytes("\(path)/\(object.path)").digest(cancellation))
        }
    }
}

extension StoredBytes {
    fileprivate func digest(_ cancellation: Cancellation) throws -> SHA256Digest {
        let reader = try makeReader(at: 0)
        let digest = try SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            try cancellation.check()
            let count = try reader.read(into: buffer)
            if count == 0 { return try digest.finish() }
            try digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
