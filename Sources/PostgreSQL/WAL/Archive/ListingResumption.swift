/// Lists an archive in object storage again, without listing what is old: from a while before the newest segment of each
/// timeline on.
///
/// Segments come at the end of their timeline, in each of the places that it is stored in; so do the notes of base backups
/// that began not long ago, and the history of the next timeline. What comes or goes elsewhere is seen when all is listed.
struct ListingResumption {
    /// Beyond this many names a listing of everything costs no more, and holds less.
    private static let most = 100_000

    /// Segments of one timeline in one place: their paths are in the order of their numbers.
    private struct Strand {
        let layout: Int
        let timeline: UInt32
        /// Paths of its first and its last segment.
        let first: String
        let last: String
        /// The listing goes on after this one.
        let resume: String
        let key: UInt64
    }

    private struct Layout: Hashable {
        let root: String
        let width: Int
    }

    private let known: WALArchiveListing
    /// By place of the listing.
    private let layouts: [Int]
    /// In the order of their paths.
    private let strands: [Strand]

    /// - Parameters:
    ///   - known: sorted.
    ///   - overlap: segments of each timeline that are listed again: those that come a little late are among them.
    /// - Returns: `nil` where the names do not tell where new ones will come.
    init?(_ known: WALArchiveListing, overlap: Int) {
        var numbers: [Layout: Int] = [:]
        let layouts = known.places.map { place in
            let (root, width) = WALArchiveListing.layout(of: place.directory)
            let layout = Layout(root: root, width: width)
            let number = numbers[layout] ?? numbers.count
            numbers[layout] = number
            return number
        }
        let strands = known.segments.flatMap { timeline, segments in
            Self.strands(of: timeline, segments, known, layouts, count: numbers.count, overlap: overlap)
        }.sorted { $0.first.comesBefore($1.first) }
        // Two ways of laying out in one place: their names are mixed.
        guard !strands.isEmpty, zip(strands, strands.dropFirst()).allSatisfy({ $0.last.comesBefore($1.first) }) else {
            return nil
        }
        (self.known, self.layouts, self.strands) = (known, layouts, strands)
    }

    private static func strands(
        of timeline: UInt32, _ segments: [WALArchiveListing.Segment], _ known: WALArchiveListing, _ layouts: [Int],
        count: Int, overlap: Int
    ) -> [Strand] {
        var totals = [Int](repeating: 0, count: count)
        for segment in segments { totals[layouts[Int(segment.place)]] += 1 }
        var passed = [Int](repeating: 0, count: count)
        var (firsts, lasts): ([Int: WALArchiveListing.Segment], [Int: WALArchiveListing.Segment]) = ([:], [:])
        var resumes: [Int: WALArchiveListing.Segment] = [:]
        for segment in segments {
            let layout = layouts[Int(segment.place)]
            passed[layout] += 1
            if passed[layout] == 1 { firsts[layout] = segment }
            if passed[layout] == max(1, totals[layout] - overlap) { resumes[layout] = segment }
            if passed[layout] == totals[layout] { lasts[layout] = segment }
        }
        return firsts.compactMap { layout, first in
            guard let resume = resumes[layout], let last = lasts[layout] else { return nil }
            func path(_ segment: WALArchiveListing.Segment) -> String { known.path(segment, timeline: timeline) }
            return Strand(
                layout: layout, timeline: timeline, first: path(first), last: path(last), resume: path(resume),
                key: resume.key)
        }
    }

    /// What is there now.
    /// - Returns: `nil` when that does not fit what was known: something was removed that is not old, or is new and strange.
    ///   Then all of it must be listed.
    func listing(of archive: any WALArchiveSource) throws -> WALArchiveListing? {
        guard let seen = try seen(in: archive) else { return nil }
        let paths = Set(seen.map(\.path))
        var listing = known
        for strand in strands {
            let removed = listing.removeSegments(of: strand.timeline) { segment in
                guard layouts[Int(segment.place)] == strand.layout, segment.key >= strand.key else { return false }
                return segment.key > strand.key
                    || strand.resume.comesBefore(known.path(segment, timeline: strand.timeline))
            }
            let isThere = removed.allSatisfy { paths.contains(known.path($0, timeline: strand.timeline)) }
            guard isThere else { return nil }
        }
        guard listing.removeNotes(where: wasListed).allSatisfy(paths.contains) else { return nil }
        for entry in seen { listing.add(entry) }
        if known.unknown == 0, listing.unknown > 0 { return nil }
        listing.countUnknown(as: known)
        return listing.sorted()
    }

    /// `nil` when it is too much.
    private func seen(in archive: any WALArchiveSource) throws -> [WALArchiveEntry]? {
        struct Passed: Error {}
        struct TooMuch: Error {}
        var seen: [WALArchiveEntry] = []
        do {
            for (index, strand) in strands.enumerated() {
                let end = index + 1 < strands.count ? strands[index + 1].first : nil
                do {
                    try archive.list(after: strand.resume) { entry in
                        if let end, !entry.path.comesBefore(end) { throw Passed() }
                        guard seen.count < Self.most else { throw TooMuch() }
                        seen.append(entry)
                    }
                } catch is Passed {}
            }
        } catch is TooMuch {
            return nil
        }
        return seen
    }

    /// Whether a path lies in what was listed again.
    private func wasListed(_ path: String) -> Bool {
        guard let index = strands.lastIndex(where: { $0.resume.comesBefore(path) }) else { return false }
        return index + 1 == strands.count || path.comesBefore(strands[index + 1].first)
    }
}

extension String {
    /// By their bytes, as object stores list keys.
    fileprivate func comesBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
