import Backups

/// What was found in segments that were searched for commits: they are not unpacked again at the next look.
struct KnownCommits: Sendable {
    private struct Finding: Sendable {
        let copy: StoredCopy
        /// `nil`: it holds no commit.
        let newest: Timestamp?
    }

    private var findings: [WALSegmentName: Finding] = [:]
    private var used: Set<WALSegmentName> = []

    /// - Returns: the newest commit that the segment holds, or `nil` in it where it holds none; `nil` where nobody looked.
    mutating func newest(in name: WALSegmentName, _ copy: StoredCopy) -> Timestamp?? {
        guard let finding = findings[name], finding.copy == copy else { return nil }
        used.insert(name)
        return .some(finding.newest)
    }

    /// The newest commit in any segment that `isThere`, whether it was asked for or not.
    func newest(where isThere: (WALSegmentName, StoredCopy) -> Bool) -> Timestamp? {
        findings.filter { isThere($0.key, $0.value.copy) }.compactMap(\.value.newest).max()
    }

    mutating func note(_ newest: Timestamp?, in name: WALSegmentName, _ copy: StoredCopy) {
        findings[name] = Finding(copy: copy, newest: newest)
        used.insert(name)
    }

    /// Keeps what was asked for since the last time.
    mutating func forgetOthers() {
        findings = findings.filter { used.contains($0.key) }
        used = []
    }
}
