/// Which segments an archive holds, with their size: what the analysis looks at.
package struct WALArchiveIndex: Sendable, Equatable {
    package let size: WALSegmentSize
    package private(set) var timelines: [UInt32: SegmentRuns] = [:]
    /// Last segments of timelines that were left, as far as they were written.
    package private(set) var partials: Set<WALSegmentName> = []
    /// Names that no segment of this size has.
    package private(set) var impossible: UInt64 = 0
    /// Segments that are stored more than once.
    package private(set) var duplicates: UInt64 = 0

    package init(size: WALSegmentSize) { self.size = size }

    /// - Parameters:
    ///   - listing: sorted.
    ///   - unusable: segments that are there, but can't be replayed: they count as missing. Empty files always do.
    init(_ listing: WALArchiveListing, size: WALSegmentSize, without unusable: Set<WALSegmentName> = []) {
        self.init(size: size)
        for (timeline, segments) in listing.segments {
            var runs = SegmentRuns()
            var previous: UInt64?
            for segment in segments {
                guard let number = size.number(checking: segment.high, segment.low) else {
                    impossible += 1
                    continue
                }
                if previous == number { duplicates += 1 }
                previous = number
                guard segment.size > 0 else { continue }
                if !unusable.isEmpty,
                    unusable.contains(WALSegmentName(timeline: timeline, high: segment.high, low: segment.low))
                {
                    continue
                }
                runs.append(number, modified: segment.modified)
            }
            if !runs.runs.isEmpty { timelines[timeline] = runs }
        }
        for (timeline, segments) in listing.partials {
            for segment in segments where segment.size > 0 {
                partials.insert(WALSegmentName(timeline: timeline, high: segment.high, low: segment.low))
            }
        }
    }

    /// For tests and for callers that know their segments: numbers must not fall within a timeline.
    package mutating func add(_ number: UInt64, timeline: UInt32, modified: UInt32 = 0) {
        timelines[timeline, default: SegmentRuns()].append(number, modified: modified)
    }

    package mutating func addPartial(_ number: UInt64, timeline: UInt32) {
        partials.insert(WALSegmentName(timeline: timeline, number: number, size: size))
    }

    package func runs(_ timeline: UInt32) -> SegmentRuns { timelines[timeline] ?? SegmentRuns() }

    func name(_ timeline: UInt32, _ number: UInt64) -> WALSegmentName {
        WALSegmentName(timeline: timeline, number: number, size: size)
    }
}
