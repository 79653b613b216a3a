import Backups
import Testing

@testable import PostgreSQL

/// Which segments are searched for the newest commit.
@Suite struct CommitSearchTests {
    /// - Parameter commits: places that hold one, counted from the newest.
    private func search(
        _ count: UInt64, commits: Set<UInt64>, known: Range<UInt64> = 0..<0
    ) -> (place: UInt64?, unpacked: Int) {
        var unpacked = 0
        let found = CommitSearch(most: 4).newest(among: count) { place in
            let isNew = !known.contains(place)
            if isNew { unpacked += 1 }
            return (commits.contains(place) ? Timestamp(seconds: Int64(place)) : nil, isNew)
        }
        return (found.map { UInt64($0.seconds) }, unpacked)
    }

    @Test func theNewestIsFoundAmongTheLast() {
        #expect(search(0, commits: []) == (nil, 0))
        #expect(search(9, commits: [0, 1]) == (0, 1))
        #expect(search(9, commits: [3, 5]) == (3, 4))
        #expect(search(3, commits: []) == (nil, 3))
    }

    @Test func whatLiesFurtherBackIsFoundInLongerSteps() {
        // 4, 5, 7, 11, and then those between.
        #expect(search(100, commits: [10, 11, 12]) == (10, 4 + 4 + 3))
        #expect(search(12, commits: [11]).place == 11)
        // Every place is the last one in turn.
        for count in UInt64(1)...70 {
            #expect(search(count, commits: [count - 1]).place == count - 1, "\(count)")
            #expect(search(count, commits: []).place == nil)
        }
        // Of many no more than a few are unpacked, and what is found is no later than the newest.
        let (place, unpacked) = search(1_000_000, commits: Set(500_000..<1_000_000))
        #expect(place ?? 0 >= 500_000)
        #expect(unpacked < 40)
    }

    @Test func whatIsKnownCostsNothing() {
        #expect(search(100, commits: [60], known: 0..<60) == (60, 1))
        #expect(search(100, commits: [63], known: 0..<60) == (63, 4))
    }
}
