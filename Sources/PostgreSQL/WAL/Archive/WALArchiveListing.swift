package import Backups

/// What a listing of an archive holds, by timeline: a few bytes for each segment, however long its path is.
package struct WALArchiveListing: Sendable {
    /// One stored copy of a segment.
    struct Segment: Sendable {
        /// The halves of its number; what number they make is known with the size of the segments.
        let high: UInt32
        let low: UInt32
        /// Seconds since 1970.
        let modified: UInt32
        /// Bytes as stored.
        let size: UInt32
        /// Index into `places`.
        let place: UInt32

        var key: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }

    /// What the paths of many segments have in common.
    struct Place: Sendable {
        let directory: String
        let ending: String
        let packing: ArchivedFileName.Packing
    }

    /// A file of which there are few.
    struct Listed: Sendable {
        let path: String
        let packing: ArchivedFileName.Packing
        let modified: Timestamp
    }

    private(set) var segments: [UInt32: [Segment]] = [:]
    private(set) var partials: [UInt32: [Segment]] = [:]
    private(set) var histories: [UInt32: Listed] = [:]
    private(set) var backups: [Listed] = []
    /// Files that are none of the archiver's.
    package private(set) var unknown: UInt64 = 0
    /// One of them.
    package private(set) var unknownExample: String?
    private var places: [Place] = []
    private var placeOf: [String: UInt32] = [:]
    private var lastPlace: (directory: String, ending: String, index: UInt32)?

    package init() {}

    package init(_ source: some WALArchiveSource) throws {
        self.init()
        // A closure can't change `self` while it is being made.
        var listing = WALArchiveListing()
        try source.list { listing.add($0) }
        self = listing
    }

    package var segmentCount: UInt64 { segments.values.reduce(0) { $0 + UInt64($1.count) } }
    package var partialCount: UInt64 { partials.values.reduce(0) { $0 + UInt64($1.count) } }
    package var historyCount: UInt64 { UInt64(histories.count) }
    package var backupCount: UInt64 { UInt64(backups.count) }

    package mutating func add(_ entry: WALArchiveEntry) {
        var path = entry.path
        let parsed = path.withUTF8 { bytes -> (name: ArchivedFileName, place: UInt32?)? in
            guard let name = ArchivedFileName.read(bytes) else { return nil }
            switch name.file {
            case .segment, .partial: return (name, place(bytes, name))
            case .backup, .history: return (name, nil)
            }
        }
        guard let parsed else {
            unknown += 1
            unknownExample = unknownExample ?? entry.path
            return
        }
        let modified = UInt32(clamping: entry.modified.seconds)
        let size = UInt32(clamping: entry.size)
        let index = parsed.place ?? 0
        switch parsed.name.file {
        case .segment(let timeline, let high, let low):
            segments[timeline, default: []].append(
                Segment(high: high, low: low, modified: modified, size: size, place: index))
        case .partial(let timeline, let high, let low):
            partials[timeline, default: []].append(
                Segment(high: high, low: low, modified: modified, size: size, place: index))
        case .history(let timeline):
            histories[timeline] = Listed(
                path: entry.path, packing: parsed.name.packing, modified: entry.modified)
        case .backup:
            backups.append(Listed(path: entry.path, packing: parsed.name.packing, modified: entry.modified))
        }
    }

    /// In the order of their names; the copies of one beside each other.
    mutating func sort() {
        for timeline in segments.keys { segments[timeline]?.sort { $0.key < $1.key } }
    }

    func place(_ segment: Segment) -> Place { places[Int(segment.place)] }

    /// The path that the segment was listed with.
    func path(_ segment: Segment, timeline: UInt32, isPartial: Bool = false) -> String {
        let place = place(segment)
        let name = WALSegmentName(timeline: timeline, high: segment.high, low: segment.low)
        return "\(place.directory)\(name)\(isPartial ? ".partial" : "")\(place.ending)"
    }

    /// Most segments lie in the same place as the one before.
    private mutating func place(_ path: UnsafeBufferPointer<UInt8>, _ name: ArchivedFileName) -> UInt32 {
        let directory = path[..<name.nameStart]
        let ending = path[name.nameEnd...]
        if let lastPlace, lastPlace.directory.utf8.elementsEqual(directory), lastPlace.ending.utf8.elementsEqual(ending)
        {
            return lastPlace.index
        }
        let (start, end) = (String(decoding: directory, as: UTF8.self), String(decoding: ending, as: UTF8.self))
        let key = "\(start)\0\(end)"
        let index = placeOf[key] ?? UInt32(places.count)
        if index == places.count {
            places.append(Place(directory: start, ending: end, packing: name.packing))
            placeOf[key] = index
        }
        lastPlace = (start, end, index)
        return index
    }
}
