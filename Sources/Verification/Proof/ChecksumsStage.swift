import Backups
import PostgreSQL

/// Holds content checksums of the restored tables against the manifest's, where it has them, and against a live
/// database's on request.
struct ChecksumsStage {
    let proof: ManifestProof?
    let options: ProofOptions
    let jobs: Int
    let cancellation: Cancellation

    /// Whether restored tables must be counted with their checksums.
    var isNeeded: Bool { options.checksums || proof?.wantsChecksums == true }

    /// - Parameter counted: of each restored database, with checksums.
    func run(_ counted: [RestoredCopy.Database: RowCount]) throws -> [Check] {
        guard counted.count == 1, let restored = counted.values.first else {
            return [
                .inconclusive(
                    "checksums", in: .checksums, .unsupportedFormat,
                    "the backup holds several databases, and the reference is of one")
            ]
        }
        var checks = [proof?.checksumCheck(restored)].compactMap(\.self)
        if options.checksums, let against = options.against { checks.append(try live(against, restored)) }
        guard checks.isEmpty else { return checks }
        return [
            .inconclusive(
                "checksums", in: .checksums, .manifestUnusable, "there is nothing to compare checksums with",
                hint: proof == nil
                    ? "Give --against, or make backups with restorable dump --checksums."
                    : "The manifest has no checksums: make the next backup with restorable dump --checksums, or give --against."
            )
        ]
    }

    /// Tables whose content the manifest knows to be another one.
    func differing(_ counted: [RestoredCopy.Database: RowCount]) -> Set<TableName> {
        guard counted.count == 1, let proof, let (database, restored) = counted.first else { return [] }
        return Set(proof.differingContent(restored).map(database.qualified))
    }

    /// A live database may have moved on since the backup: a difference is a question (decision record 0060).
    private func live(_ against: ConnectionParameters, _ restored: RowCount) throws -> Check {
        let live = try RowCounter(
            jobs: jobs, limits: .production, checksums: true, stage: .checksums, cancellation: cancellation
        ) { try Connection(against, cancellation: cancellation) }.count()
        let check = ChecksumParity.compare(
            expected: live.checksums, found: restored.checksums,
            largeObjects: (live.largeObjects?.checksum, restored.largeObjects?.checksum), reference: "the live database"
        )
        let name = "checksums-live"
        guard check.verdict == .failed else {
            return check.verdict == .verified
                ? .verified(name, in: .checksums, check.message) : check
        }
        return .inconclusive(
            name, in: .checksums, .checksumsDiffer, check.message,
            hint: "The live database may have moved on since the backup; a manifest is exact.", details: check.details)
    }
}
