import Backups
import Integrity

/// All that is known of one archive before its segments are looked at one by one.
struct ArchiveSurvey {
    /// So many of the newest segments are asked for their size and cluster until one answers.
    private static let mostAsked = 16

    let archive: any WALArchiveSource
    let listing: WALArchiveListing
    private(set) var histories: [UInt32: TimelineHistory] = [:]
    /// Timelines whose history is there, but could not be read.
    private(set) var unreadHistories: Set<UInt32> = []
    private(set) var bases: [BaseBackup] = []
    private(set) var hasBaseLocation = false
    /// What could not be read, a sentence each.
    private(set) var problems: [String] = []
    private(set) var identity = SegmentCensus.Identity(size: WALSegmentSize.usual)
    /// What tells the size of the segments; `nil` when nothing does and the usual one is assumed.
    private(set) var isSizeKnown = false
    private(set) var index = WALArchiveIndex(size: WALSegmentSize.usual)
    /// Segments that are there and can't be replayed.
    var unusable: Set<WALSegmentName> = [] {
        didSet { index = WALArchiveIndex(listing, size: identity.size, without: unusable) }
    }

    /// Copies whose first page was found good.
    var inspected = InspectedSegments()

    init(_ archive: any WALArchiveSource, _ listing: WALArchiveListing) {
        self.archive = archive
        self.listing = listing
    }

    // MARK: Notes

    /// Reads histories, notes of base backups, and what base backups say themselves.
    mutating func readNotes(bases location: (any WALArchiveSource)?, knowing notes: inout ArchiveNotes) throws {
        defer { notes.forgetOthers() }
        for (timeline, copies) in listing.histories.sorted(by: { $0.key < $1.key }) {
            readHistory(of: timeline, copies, knowing: &notes.histories)
        }
        var noted: [BaseBackup] = []
        for file in listing.backups.sorted(by: { $0.path < $1.path }) {
            do {
                let base = try notes.labels.value(file.path, from: [WALArchiveEntry(file)]) { try label(file) }
                if let base { noted.append(base) } else { problems.append("\(file.path) is no backup history file") }
            } catch {
                problems.append("\(file.path): \(error)")
            }
        }
        guard let location else {
            bases = noted.sorted { ($0.start, $0.path) < ($1.start, $1.path) }
            return
        }
        hasBaseLocation = true
        let search = try BaseBackupSearch(location, knowing: &notes.bases)
        problems += search.problems
        bases = search.found.map { base in
            noted.first { $0.start == base.start && $0.timeline == base.timeline }.map(base.completed(by:)) ?? base
        }
    }

    private mutating func readHistory(
        of timeline: UInt32, _ copies: [WALArchiveListing.Listed], knowing notes: inout ReadNotes<TimelineHistory>
    ) {
        var problem: String?
        for file in copies {
            do {
                histories[timeline] = try notes.value(file.path, from: [WALArchiveEntry(file)]) {
                    try TimelineHistory(timeline: timeline, text: try archive.text(file.path, file.packing))
                }
                return
            } catch {
                problem = problem ?? "\(file.path): \(error)"
            }
        }
        if let problem { problems.append(problem) }
        unreadHistories.insert(timeline)
    }

    /// `nil` for what is no backup history file.
    private func label(_ file: WALArchiveListing.Listed) throws -> BaseBackup? {
        guard let label = BackupLabel(try archive.text(file.path, file.packing)) else { return nil }
        // The file is archived when the backup is done: a later moment, where the zone of its own times is not certain.
        var base = BaseBackup(
            path: file.path, origin: .archive, label: label.label, timeline: label.startTimeline, start: label.start,
            stop: label.stop, stopTimeline: label.stopTimeline, startedAt: label.startedAt,
            stoppedAt: label.stoppedAt ?? file.modified)
        base.startSegment = label.startSegment
        base.notedStop = label.stoppedAt
        return base
    }

    // MARK: Identity

    /// Finds the size of the segments, and whose they are, from the newest ones; where none can be read, from what base
    /// backups say and from the sizes of files.
    mutating func identify() throws {
        let inspector = SegmentInspector(source: archive)
        for (timeline, segment) in listing.stored(atMost: Self.mostAsked) {
            let path = listing.path(segment, timeline: timeline)
            let finding = try? inspector.inspect(path, listing.place(segment).packing, stored: UInt64(segment.size))
            guard case .header(let header) = finding else { continue }
            identity = SegmentCensus.Identity(
                size: header.segmentSize, systemIdentifier: header.systemIdentifier, major: header.major)
            isSizeKnown = true
            break
        }
        if !isSizeKnown, let size = bases.reversed().lazy.compactMap(\.segmentSize).first ?? sizeOfFiles {
            identity.size = size
            isSizeKnown = true
        }
        index = WALArchiveIndex(listing, size: identity.size)
    }

    /// The commonest size of files that are not compressed, where it is one that segments have.
    private var sizeOfFiles: WALSegmentSize? {
        var counts: [UInt32: Int] = [:]
        for segment in listing.segments.values.joined() where listing.place(segment).packing == .readable(.none) {
            counts[segment.size, default: 0] += 1
        }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }.flatMap { WALSegmentSize(bytes: UInt64($0.key)) }
    }

    /// The archive is that of the newest base backup: what another cluster wrote is foreign, also when it is newer.
    mutating func settleIdentity(_ standings: [BaseStanding]) {
        // A cluster that was made anew begins with small positions again: only its time tells that it is newer.
        let newestFirst = standings.filter { $0.state != .expired }.sorted { left, right in
            (right.base.stoppedAt?.microseconds ?? .min, right.base.start)
                < (left.base.stoppedAt?.microseconds ?? .min, left.base.start)
        }
        if let identifier = newestFirst.lazy.compactMap(\.base.systemIdentifier).first {
            identity.systemIdentifier = identifier
            return
        }
        for standing in newestFirst {
            guard let header = header(ofFirst: standing.base) else { continue }
            identity.systemIdentifier = header.systemIdentifier
            identity.major = header.major
            return
        }
    }

    private func header(ofFirst base: BaseBackup) -> WALPageHeader? {
        let name = index.name(base.timeline, index.size.number(at: base.start))
        guard let segment = segment(name) else { return nil }
        let finding = try? SegmentInspector(source: archive).inspect(
            listing.path(segment, timeline: name.timeline), listing.place(segment).packing, stored: UInt64(segment.size)
        )
        guard case .header(let header) = finding else { return nil }
        return header
    }

    /// The standing of a base backup whose first segment turned out to be another cluster's.
    func judgingCluster(_ standing: BaseStanding, _ census: SegmentCensus) -> BaseStanding {
        let first = index.name(standing.base.timeline, index.size.number(at: standing.base.start))
        let isForeign =
            census.unusable.contains(first)
            && census.flawed.contains { flawed in
                guard case .foreign = flawed.flaw else { return false }
                return flawed.name == first
            }
        let isOther = standing.base.systemIdentifier.map { $0 != identity.systemIdentifier } ?? false
        guard isForeign || isOther else { return standing }
        var standing = standing
        standing.state = .foreign
        return standing
    }

    // MARK: Segments

    /// A stored copy of a segment: one that was found good, where there is one.
    func segment(_ name: WALSegmentName) -> WALArchiveListing.Segment? {
        let copies = listing.stored(name)
        guard copies.count > 1 else { return copies.first }
        return copies.first { inspected.contains(listing.copy($0, timeline: name.timeline)) } ?? copies.first
    }

    /// Every stored segment from the oldest base backup on that is not expired, or all without one; the last `most` of them.
    func segments(from standings: [BaseStanding], atMost most: UInt64?)
        -> [(timeline: UInt32, segment: WALArchiveListing.Segment)]
    {
        let start = standings.filter { $0.state != .expired }.map { index.size.number(at: $0.base.start) }.min() ?? 0
        let all = listing.segments.sorted { $0.key < $1.key }.flatMap { timeline, segments in
            // A name that no segment of this size has is of a time when they had another.
            segments.filter { index.size.number(checking: $0.high, $0.low).map { $0 >= start } ?? false }
                .map { (timeline, $0) }
        }
        return most.map { Array(all.suffix(Int(clamping: $0))) } ?? all
    }
}

extension WALArchiveEntry {
    fileprivate init(_ file: WALArchiveListing.Listed) {
        self.init(path: file.path, size: file.size, modified: file.modified)
    }
}

extension BaseBackup {
    /// With what the notes in the archive know better.
    fileprivate func completed(by note: BaseBackup) -> BaseBackup {
        var base = self
        base.label = label ?? note.label
        base.stop = stop ?? note.stop
        base.stopTimeline = stopTimeline ?? note.stopTimeline
        base.startedAt = startedAt ?? note.startedAt
        base.stoppedAt = note.stoppedAt ?? stoppedAt
        base.notedStop = note.notedStop ?? notedStop
        return base
    }
}
