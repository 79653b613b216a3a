import Backups
import Glibc
import Integrity

/// Looks for the newest commit that recovery from a base backup can reach: from the end of its unbroken WAL backwards.
///
/// Segments without a commit are nothing rare: a bulk load writes many, and so does a server that only its checkpoints write
/// to.
struct NewestCommit {
    let survey: ArchiveSurvey
    let scratch: ScratchConfiguration
    let installations: Installations
    let cancellation: Cancellation

    /// - Parameter known: what earlier looks found.
    /// - Returns: `nil` when there is none in the segments that were looked into.
    /// - Throws: ``Obstacle`` when nobody can tell: no `pg_waldump` of that version, a segment that can't be read.
    func find(_ standing: BaseStanding, knowing known: inout KnownCommits) throws -> Timestamp? {
        guard let end = standing.end else { return nil }
        let size = survey.index.size
        let (first, last) = (size.number(at: standing.base.start), size.number(before: end.position))
        guard first <= last else { return nil }
        let program = try waldump()
        let scratch = try WALScratch(scratch)
        let times = CommitTimes(program: program, scratch: scratch, cancellation: cancellation)
        do {
            let found = try CommitSearch().newest(among: last - first + 1) { back in
                try newest(in: name(last - back, standing, end), times, knowing: &known)
            }
            try scratch.remove()
            known.forgetOthers()
            return found
        } catch {
            try scratch.remove()
            throw error
        }
    }

    /// What earlier looks found on the way of recovery, for a look that can't tell: the newest commit is that one, or a later one.
    func foundEarlier(_ standing: BaseStanding, in known: KnownCommits) -> Timestamp? {
        guard let end = standing.end else { return nil }
        let size = survey.index.size
        let (first, last) = (size.number(at: standing.base.start), size.number(before: end.position))
        return known.newest { found, copy in
            guard let number = found.number(size), first <= number, number <= last,
                name(number, standing, end) == found, let segment = survey.segment(found)
            else { return false }
            return survey.listing.copy(segment, timeline: found.timeline) == copy
        }
    }

    private func newest(
        in name: WALSegmentName, _ times: CommitTimes, knowing known: inout KnownCommits
    ) throws -> (time: Timestamp?, isUnpacked: Bool) {
        guard let segment = survey.segment(name) else { return (nil, false) }
        let copy = survey.listing.copy(segment, timeline: name.timeline)
        if let finding = known.newest(in: name, copy) { return (finding, false) }
        let path = survey.listing.path(segment, timeline: name.timeline)
        guard case .readable(let compression) = survey.listing.place(segment).packing else {
            throw Obstacle(.unsupportedFormat, "\(path) is packed in a way that is not read here")
        }
        do {
            let content = try survey.archive.open(path).content(named: compression).open(at: 0)
            let time = try times.last(in: content, name, size: survey.index.size)
            known.note(time, in: name, copy)
            return (time, true)
        } catch let damage as ContentDamage {
            throw Obstacle(.unreadable, "\(path) can't be unpacked: \(damage)")
        }
    }

    /// Segment `number` on the way of recovery.
    private func name(_ number: UInt64, _ standing: BaseStanding, _ end: WALEnd) -> WALSegmentName {
        let history = survey.histories[standing.target]
        let owner = history?.owner(of: number, survey.index.size) ?? standing.target
        // A timeline that has nothing of its own yet ends in the last segment of the one before.
        return survey.index.name(min(owner, end.timeline), number)
    }

    /// - Throws: ``Obstacle`` `tool-missing`.
    private func waldump() throws -> String {
        guard let major = survey.identity.major else {
            throw Obstacle(.versionDifference, "the segments are of a version of PostgreSQL that is not known here")
        }
        let candidates: [String] = installations.all.filter { $0.major == major }.map { "\($0.bin)/pg_waldump" }
        let path = candidates.first { (path: String) in access(path, X_OK) == 0 }
        guard let path else {
            throw Obstacle(
                .toolMissing, "pg_waldump of PostgreSQL \(major) is not installed",
                hint: "apt-get install postgresql-\(major)")
        }
        return path
    }
}
