import Backups
import Glibc
import Integrity

/// Looks for the newest commit that recovery from a base backup can reach: from the end of its unbroken WAL backwards.
struct NewestCommit {
    /// An idle server's segments hold no commits: so many are looked into.
    private static let most = 16

    let survey: ArchiveSurvey
    let scratch: ScratchConfiguration
    let installations: Installations
    let cancellation: Cancellation

    /// - Returns: `nil` when there is none in the segments that were looked into.
    /// - Throws: ``Obstacle`` when nobody can tell: no `pg_waldump` of that version, a segment that can't be read.
    func find(_ standing: BaseStanding) throws -> Timestamp? {
        let names = lastSegments(standing)
        guard !names.isEmpty else { return nil }
        let program = try waldump()
        let scratch = try WALScratch(scratch)
        let times = CommitTimes(program: program, scratch: scratch, cancellation: cancellation)
        do {
            let found = try newest(of: names, times)
            try scratch.remove()
            return found
        } catch {
            try scratch.remove()
            throw error
        }
    }

    private func newest(of names: [WALSegmentName], _ times: CommitTimes) throws -> Timestamp? {
        for name in names {
            guard let segment = survey.segment(name) else { continue }
            let path = survey.listing.path(segment, timeline: name.timeline)
            guard case .readable(let compression) = survey.listing.place(segment).packing else {
                throw Obstacle(.unsupportedFormat, "\(path) is packed in a way that is not read here")
            }
            do {
                let content = try CheckpointedContent(source: try survey.archive.open(path), compression: compression)
                    .open(at: 0)
                if let time = try times.last(in: content, name, size: survey.index.size) { return time }
            } catch let damage as ContentDamage {
                throw Obstacle(.unreadable, "\(path) can't be unpacked: \(damage)")
            }
        }
        return nil
    }

    /// From the last one that can be replayed to the base backup's first, newest first, at most ``most``.
    private func lastSegments(_ standing: BaseStanding) -> [WALSegmentName] {
        guard let end = standing.end else { return [] }
        let (size, history) = (survey.index.size, survey.histories[standing.target])
        let first = size.number(at: standing.base.start)
        var number = size.number(before: end.position)
        var names: [WALSegmentName] = []
        while number >= first, names.count < Self.most {
            let owner = history?.owner(of: number, size) ?? standing.target
            // A timeline that has nothing of its own yet ends in the last segment of the one before.
            names.append(survey.index.name(min(owner, end.timeline), number))
            guard number > 0 else { break }
            number -= 1
        }
        return names
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
