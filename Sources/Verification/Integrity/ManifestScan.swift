package import Backups
import Integrity
import PostgreSQL

/// Makes a manifest of an existing backup: its bytes as they are now, its rows as counted in it.
package struct ManifestScan: Sendable {
    /// The backup is not whole, or could not be read: it gets no manifest.
    package struct Flawed: Error, Sendable {
        package let checks: [Check]
    }

    private let backup: String
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    /// - Parameter maximumContent: most bytes of content that are accepted; `nil` for the default.
    package init(
        _ backup: String, maximumContent: UInt64? = nil, progress: any ProgressObserver, cancellation: Cancellation
    ) {
        self.backup = backup
        limits = IntegrityLimits(maximumContentBytes: maximumContent ?? IntegrityLimits.standardContentBytes)
        self.progress = progress
        self.cancellation = cancellation
    }

    package func run() -> Result<Manifest, Flawed> {
        let request = VerificationRequest(backup: backup)
        var ledger = VerificationLedger(request, startedAt: .now(), planned: [])
        let fetch = FetchStage(request: request, progress: progress, cancellation: cancellation)
        guard let fetched = ledger.perform(.fetch, { try fetch.run(&$0) }) ?? nil else {
            return .failure(Flawed(checks: ledger.evidence.checks))
        }
        let stage = IntegrityStage(
            backup: fetched, limits: limits, jobs: 2, progress: progress, cancellation: cancellation)
        guard let proved = ledger.perform(.integrity, { try stage.run(noting: &$0.backup) }) else {
            return .failure(Flawed(checks: ledger.evidence.checks))
        }
        return .success(
            .scanned(
                name: ledger.backup.name,
                digest: BackupDigest(size: proved.stored.size, sha256: proved.stored.sha256), format: fetched.format,
                compression: ledger.backup.compression, contents: proved.contents,
                completedAt: ledger.backup.time.completedAt))
    }
}
