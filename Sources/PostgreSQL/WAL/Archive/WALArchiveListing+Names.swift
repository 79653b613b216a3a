import Backups

/// What a sorted listing knows of a name.
extension WALArchiveListing {
    /// The copies of a segment.
    func stored(_ name: WALSegmentName) -> ArraySlice<Segment> { Self.copies(of: name, in: segments) }

    /// Those that were stored last, the newest first: also where the names began anew, as with another size of segments.
    func stored(atMost most: Int) -> [(timeline: UInt32, segment: Segment)] {
        var newest: [(timeline: UInt32, segment: Segment)] = []
        func isNewer(_ left: (timeline: UInt32, segment: Segment), _ right: (timeline: UInt32, segment: Segment))
            -> Bool
        {
            (left.segment.modified, left.timeline, left.segment.key)
                > (right.segment.modified, right.timeline, right.segment.key)
        }
        for (timeline, segments) in segments {
            // From the newest names on few come in between.
            for segment in segments.reversed() {
                let stored = (timeline: timeline, segment: segment)
                if newest.count == most, let last = newest.last, !isNewer(stored, last) { continue }
                let place = newest.firstIndex { isNewer(stored, $0) } ?? newest.count
                newest.insert(stored, at: place)
                if newest.count > most { newest.removeLast() }
            }
        }
        return newest
    }

    /// All files that are `file`, packed or not.
    func copies(of file: WALFileName) -> [Listed] {
        switch file {
        case .segment(let timeline, let high, let low):
            let name = WALSegmentName(timeline: timeline, high: high, low: low)
            return stored(name).map { listed($0, timeline: timeline) }
        case .partial(let timeline, let high, let low):
            let name = WALSegmentName(timeline: timeline, high: high, low: low)
            return Self.copies(of: name, in: partials).map { listed($0, timeline: timeline, isPartial: true) }
        case .history(let timeline): return histories[timeline] ?? []
        case .backup: return backups.filter { ArchivedFileName($0.path)?.file == file }
        }
    }

    /// The names of the segments after `name` on its timeline that are there, at most so many.
    func names(after name: WALSegmentName, atMost most: Int) -> [WALSegmentName] {
        guard let segments = segments[name.timeline], name.key < .max else { return [] }
        var names: [WALSegmentName] = []
        for segment in segments[Self.firstIndex(in: segments, from: name.key + 1)...] {
            guard names.count < most else { break }
            let next = WALSegmentName(timeline: name.timeline, high: segment.high, low: segment.low)
            if names.last != next { names.append(next) }
        }
        return names
    }

    /// The directories in which a file of that name lies if the archive goes on as it is laid out, each with a slash at
    /// its end: those of its segments, with the prefix of the name where directories are named for prefixes.
    func directories(for name: String) -> [String] {
        var found: Set<String> = []
        for place in places {
            let (root, width) = Self.layout(of: place.directory)
            found.insert(root)
            if width > 0, name.utf8.count >= 24 { found.insert("\(root)\(name.prefix(width))/") }
        }
        for file in histories.values.joined() + backups {
            let end = file.path.lastIndex(of: "/").map { file.path.index(after: $0) } ?? file.path.startIndex
            found.insert(Self.layout(of: String(file.path[..<end])).root)
        }
        return found.isEmpty ? [""] : found.sorted()
    }

    /// A directory without the part that is the beginning of its segments' names, and how long that part is: Barman's and
    /// pgBackRest's `0000000100000000/` has timeline and upper half, others the timeline alone.
    static func layout(of directory: String) -> (root: String, width: Int) {
        guard let last = directory.dropLast().split(separator: "/").last, [8, 16].contains(last.utf8.count),
            last.allSatisfy({ $0.isHexDigit && !$0.isLowercase })
        else { return (directory, 0) }
        return (String(directory.dropLast(last.utf8.count + 1)), last.utf8.count)
    }

    private func listed(_ segment: Segment, timeline: UInt32, isPartial: Bool = false) -> Listed {
        Listed(
            path: path(segment, timeline: timeline, isPartial: isPartial), packing: place(segment).packing,
            size: UInt64(segment.size), modified: .init(seconds: Int64(segment.modified)))
    }

    private static func copies(of name: WALSegmentName, in timelines: [UInt32: [Segment]]) -> ArraySlice<Segment> {
        guard let segments = timelines[name.timeline] else { return [] }
        return segments[firstIndex(in: segments, from: name.key)...].prefix { $0.key == name.key }
    }

    /// Of the first that does not come before `key`.
    private static func firstIndex(in segments: [Segment], from key: UInt64) -> Int {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension WALSegmentName {
    /// The halves of its number.
    fileprivate var key: UInt64 { UInt64(high) << 32 | UInt64(low) }
}
