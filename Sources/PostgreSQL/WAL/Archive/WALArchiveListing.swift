import Backups

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
        /// Index into `digests`; `nil` as all ones.
        let digest: UInt32

        var key: UInt64 { UInt64(high) << 32 | UInt64(low) }
    }

    /// What the paths of many segments have in common.
    struct Place: Sendable {
        let directory: String
        let ending: String
        let packing: ArchivedFileName.Packing
        /// Of directory and ending; the same in every listing.
        let hash: UInt64
    }

    /// A stored file by itself.
    struct Listed: Sendable, Equatable {
        let path: String
        let packing: ArchivedFileName.Packing
        /// Bytes as stored.
        let size: UInt64
        let modified: Timestamp
    }

    private(set) var segments: [UInt32: [Segment]] = [:]
    private(set) var partials: [UInt32: [Segment]] = [:]
    /// All copies of each; the first that can be read counts.
    private(set) var histories: [UInt32: [Listed]] = [:]
    private(set) var backups: [Listed] = []
    /// Files that are none of the archiver's.
    package private(set) var unknown: UInt64 = 0
    /// One of them.
    package private(set) var unknownExample: String?
    private(set) var places: [Place] = []
    /// By a hash of what they consist of: no string is made for a path.
    private var placeOf: [UInt64: UInt32] = [:]
    private var digests: [Digest] = []

    /// A SHA-1, as pgBackRest puts it behind the name of a segment.
    private struct Digest: Hashable {
        let high: UInt64
        let middle: UInt64
        let low: UInt32

        /// 40 hexadecimal digits.
        init(_ digits: UnsafeBufferPointer<UInt8>) {
            func number(_ range: Range<Int>) -> UInt64 {
                digits[range].reduce(0) { $0 << 4 | UInt64($1 <= UInt8(ascii: "9") ? $1 - 48 : $1 - 87) }
            }
            (high, middle, low) = (number(0..<16), number(16..<32), UInt32(number(32..<40)))
        }

        var text: String {
            func digits(_ value: UInt64, _ width: Int) -> String {
                let text = String(value, radix: 16)
                return String(repeating: "0", count: width - text.utf8.count) + text
            }
            return "-" + digits(high, 16) + digits(middle, 16) + digits(UInt64(low), 8)
        }
    }

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
        let isKnown = path.withUTF8 { bytes -> Bool in
            guard let parts = ArchivedFileName.Parts(bytes) else { return false }
            return add(entry, bytes, parts)
        }
        guard !isKnown else { return }
        unknown += 1
        unknownExample = unknownExample ?? entry.path
    }

    /// - Returns: `false` for a file that is none of the archiver's.
    private mutating func add(
        _ entry: WALArchiveEntry, _ path: UnsafeBufferPointer<UInt8>, _ parts: ArchivedFileName.Parts
    ) -> Bool {
        switch parts.file {
        case .segment(let timeline, let high, let low):
            guard let segment = segment(entry, path, parts, high, low) else { return false }
            segments[timeline, default: []].append(segment)
        case .partial(let timeline, let high, let low):
            guard let segment = segment(entry, path, parts, high, low) else { return false }
            partials[timeline, default: []].append(segment)
        case .history, .backup:
            let ending = UnsafeBufferPointer(rebasing: path[parts.ending...])
            guard let packing = ArchivedFileName.packing(ending) else { return false }
            let listed = Listed(path: entry.path, packing: packing, size: entry.size, modified: entry.modified)
            if case .history(let timeline) = parts.file {
                histories[timeline, default: []].append(listed)
            } else {
                backups.append(listed)
            }
        }
        return true
    }

    private mutating func segment(
        _ entry: WALArchiveEntry, _ path: UnsafeBufferPointer<UInt8>, _ parts: ArchivedFileName.Parts, _ high: UInt32,
        _ low: UInt32
    ) -> Segment? {
        guard let place = place(path, parts) else { return nil }
        var digest = UInt32.max
        if parts.digest < parts.ending {
            digest = UInt32(digests.count)
            digests.append(Digest(UnsafeBufferPointer(rebasing: path[(parts.digest + 1)..<parts.ending])))
        }
        return Segment(
            high: high, low: low, modified: UInt32(clamping: entry.modified.seconds),
            size: UInt32(clamping: entry.size),
            place: place, digest: digest)
    }

    /// In the order of their names; the copies of one beside each other.
    mutating func sort() {
        for timeline in segments.keys { segments[timeline]?.sort { $0.key < $1.key } }
        for timeline in partials.keys { partials[timeline]?.sort { $0.key < $1.key } }
        for timeline in histories.keys { histories[timeline]?.sort { $0.path < $1.path } }
    }

    /// - Returns: what was removed.
    mutating func removeSegments(of timeline: UInt32, where isUnwanted: (Segment) -> Bool) -> [Segment] {
        let removed = segments[timeline]?.filter(isUnwanted) ?? []
        if !removed.isEmpty { segments[timeline]?.removeAll(where: isUnwanted) }
        return removed
    }

    /// Of all but segments.
    /// - Returns: the paths of what was removed.
    mutating func removeNotes(where isUnwanted: (String) -> Bool) -> [String] {
        var removed = backups.map(\.path) + histories.values.joined().map(\.path)
        backups.removeAll { isUnwanted($0.path) }
        histories = histories.mapValues { $0.filter { !isUnwanted($0.path) } }.filter { !$0.value.isEmpty }
        for (timeline, stored) in partials {
            let paths = stored.map { path($0, timeline: timeline, isPartial: true) }
            removed += paths
            partials[timeline] = zip(stored, paths).filter { !isUnwanted($0.1) }.map(\.0)
        }
        return removed.filter(isUnwanted)
    }

    /// Counts strangers as `other` does: those of one part of the archive were counted a second time.
    mutating func countUnknown(as other: WALArchiveListing) {
        (unknown, unknownExample) = (other.unknown, other.unknownExample)
    }

    func sorted() -> WALArchiveListing {
        var sorted = self
        sorted.sort()
        return sorted
    }

    func place(_ segment: Segment) -> Place { places[Int(segment.place)] }

    /// The path that the segment was listed with.
    func path(_ segment: Segment, timeline: UInt32, isPartial: Bool = false) -> String {
        let place = place(segment)
        let name = WALSegmentName(timeline: timeline, high: segment.high, low: segment.low)
        let digest = segment.digest == .max ? "" : digests[Int(segment.digest)].text
        return "\(place.directory)\(name)\(isPartial ? ".partial" : "")\(digest)\(place.ending)"
    }

    /// What tells this copy from another, and from the same one stored anew.
    func copy(_ segment: Segment, timeline: UInt32) -> StoredCopy {
        var hasher = Hasher()
        hasher.combine(timeline)
        hasher.combine(segment.key)
        hasher.combine(segment.modified)
        hasher.combine(segment.size)
        hasher.combine(place(segment).hash)
        if segment.digest != .max { hasher.combine(digests[Int(segment.digest)]) }
        return StoredCopy(hasher)
    }

    /// Segments share few places, so that what they are packed with is found out once for each.
    /// - Returns: `nil` for an ending that is none of an archive's.
    private mutating func place(_ path: UnsafeBufferPointer<UInt8>, _ parts: ArchivedFileName.Parts) -> UInt32? {
        let directory = UnsafeBufferPointer(rebasing: path[..<parts.name])
        let ending = UnsafeBufferPointer(rebasing: path[parts.ending...])
        func isPlace(_ index: UInt32) -> Bool {
            let place = places[Int(index)]
            return place.directory.utf8.elementsEqual(directory) && place.ending.utf8.elementsEqual(ending)
        }
        let hash = Self.hash(directory, ending)
        if let index = placeOf[hash], isPlace(index) { return index }
        guard let packing = ArchivedFileName.packing(ending) else { return nil }
        // Two places with one hash: the second is looked for among all.
        if placeOf[hash] != nil, let index = places.indices.first(where: { isPlace(UInt32($0)) }) {
            return UInt32(index)
        }
        let index = UInt32(places.count)
        places.append(
            Place(
                directory: String(decoding: directory, as: UTF8.self), ending: String(decoding: ending, as: UTF8.self),
                packing: packing, hash: hash))
        placeOf[hash] = placeOf[hash] ?? index
        return index
    }

    /// FNV-1a of both, with a byte between them that stands in no path.
    private static func hash(_ directory: UnsafeBufferPointer<UInt8>, _ ending: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in directory { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = hash &* 0x100_0000_01B3
        for byte in ending { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
