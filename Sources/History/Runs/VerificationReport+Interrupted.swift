import Backups

extension VerificationReport {
    /// What is left to say of a run whose process died.
    /// - Parameters:
    ///   - dataAsOf: what the catalog knows of the backup's data.
    ///   - completedAt: when it was finished.
    static func interrupted(
        _ identity: BackupIdentity, of database: String, dataAsOf: Timestamp?, completedAt: Timestamp,
        startedAt: Timestamp, at moment: Timestamp
    ) -> VerificationReport {
        let directory = identity.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let location = directory == [""] ? "/" : directory.joined(separator: "/")
        return VerificationReport(
            database: database,
            backup: BackupFacts(
                location: location.isEmpty ? "." : location, name: identity.name, sizeBytes: identity.sizeBytes,
                time: DataTime(manifest: nil, dumpStart: nil, named: dataAsOf, completedAt: completedAt)),
            conclusion: Conclusion(
                verdict: .inconclusive, reason: .interrupted,
                message: "the program ended before this verification did, so nothing was proved",
                hint: "It is verified again when it is next due. Ended at no wish of yours? Look for a crash, "
                    + "a machine that restarted or the kernel's out-of-memory killer in the system's log.",
                proof: .none, provedThrough: nil, content: .unproved),
            // A clock that was set back must not make a run end before it began.
            startedAt: startedAt, finishedAt: max(startedAt, moment))
    }
}
