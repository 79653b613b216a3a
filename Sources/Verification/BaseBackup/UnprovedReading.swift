import Backups
import Integrity

/// Reads files of a base backup once more that nothing was held against, where a server found damage in them: a line may have done it.
struct UnprovedReading {
    /// Of the archive, whatever the base backup is.
    private static let ofTheArchive: Set<Reason> = [.walGap, .walForeign]

    let files: UnprovedFiles
    let progress: any ProgressObserver
    let cancellation: Cancellation

    /// Where other bytes come, or none, what failed behind the integrity stage has not failed.
    func run(_ ledger: inout VerificationLedger) {
        guard ledger.evidence.checks.contains(where: isDoubtful) else { return }
        let outcome = ledger.perform(.integrity) { _ in
            Result { try files.confirm(progress: progress, cancellation: cancellation) }
        }
        guard case .failure(let error) = outcome, let obstacle = error as? Obstacle else { return }
        ledger.evidence.checks = ledger.evidence.checks.map { isDoubtful($0) ? $0.hindered(by: obstacle) : $0 }
    }

    private func isDoubtful(_ check: Check) -> Bool {
        check.verdict == .failed && check.stage > .integrity
            && !(check.reason.map { Self.ofTheArchive.contains($0) } ?? false)
    }
}
