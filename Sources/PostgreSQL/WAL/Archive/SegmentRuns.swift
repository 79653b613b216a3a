/// Which segments of one timeline are there, as runs without a hole: a few bytes for any number of segments.
package struct SegmentRuns: Sendable, Equatable {
    package struct Run: Sendable, Equatable {
        package var first: UInt64
        package var last: UInt64
        /// When the first one was stored, in seconds since 1970: how old the hole before it is.
        package var firstModified: UInt32
    }

    /// In order; between two of them at least one is missing.
    package private(set) var runs: [Run] = []

    package init() {}

    /// Adds the next segment; numbers must not fall. A second copy of the one before changes nothing.
    package mutating func append(_ number: UInt64, modified: UInt32) {
        guard let last = runs.last else {
            runs = [Run(first: number, last: number, firstModified: modified)]
            return
        }
        if number == last.last { return }
        if number == last.last + 1 {
            runs[runs.count - 1].last = number
        } else {
            runs.append(Run(first: number, last: number, firstModified: modified))
        }
    }

    package var first: UInt64? { runs.first?.first }
    package var last: UInt64? { runs.last?.last }
    package var count: UInt64 { runs.reduce(0) { $0 + $1.last - $1.first + 1 } }

    package func contains(_ number: UInt64) -> Bool {
        let index = index(endingFrom: number)
        return index < runs.count && runs[index].first <= number
    }

    /// The newest of these numbers that is there.
    package func last(in range: Range<UInt64>) -> UInt64? {
        let index = index(endingFrom: range.upperBound)
        if index < runs.count, runs[index].first < range.upperBound, !range.isEmpty { return range.upperBound - 1 }
        guard index > 0, runs[index - 1].last >= range.lowerBound, !range.isEmpty else { return nil }
        return runs[index - 1].last
    }

    /// The run that holds the oldest of these numbers that is there.
    package func firstRun(in range: Range<UInt64>) -> Run? {
        let index = index(endingFrom: range.lowerBound)
        return index < runs.count && runs[index].first < range.upperBound ? runs[index] : nil
    }

    /// How many of these numbers are there.
    package func count(in range: Range<UInt64>) -> UInt64 {
        var total: UInt64 = 0
        for run in runs[index(endingFrom: range.lowerBound)...] {
            guard run.first < range.upperBound else { break }
            total += min(run.last + 1, range.upperBound) - max(run.first, range.lowerBound)
        }
        return total
    }

    /// A hole, and when the next of the numbers asked for was stored; `nil` where none is there.
    package struct Hole: Sendable, Equatable {
        package var range: Range<UInt64>
        package var nextModified: UInt32?
    }

    /// What is missing of these numbers.
    package func holes(in range: Range<UInt64>) -> [Hole] {
        var holes: [Hole] = []
        var next = range.lowerBound
        for run in runs[index(endingFrom: range.lowerBound)...] where next < range.upperBound {
            if run.first > next {
                let isWithin = run.first < range.upperBound
                holes.append(
                    Hole(
                        range: next..<min(run.first, range.upperBound), nextModified: isWithin ? run.firstModified : nil
                    ))
            }
            next = max(next, run.last + 1)
        }
        if next < range.upperBound { holes.append(Hole(range: next..<range.upperBound, nextModified: nil)) }
        return holes
    }

    /// The first run that does not end before `number`.
    private func index(endingFrom number: UInt64) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].last < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
