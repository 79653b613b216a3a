import Testing

@testable import Locations

/// When a reader takes another connection, and when it gives one up.
@Suite struct ReadingWidthTests {
    private static let window = Int(ReadAhead().window)

    /// One window of reading at `speed` MiB/s, of which `share` was spent waiting.
    private func read(_ width: inout ReadingWidth, speed: Double, share: Double) {
        let elapsed = Duration.seconds(Double(Self.window) / (speed * 1_048_576))
        width.note(bytes: Self.window, waited: elapsed * share, elapsed: elapsed)
    }

    /// A store that gives each connection `each`, up to `all`, to a reader that takes `taken`.
    private func read(
        _ width: inout ReadingWidth, windows: Int, each: Double, all: Double = .infinity, taken: Double = .infinity
    ) -> [Int] {
        (0..<windows).map { _ in
            let given = min(each * Double(width.connections), all)
            read(&width, speed: min(given, taken), share: given < taken ? 1 - given / taken : 0)
            return width.connections
        }
    }

    @Test func whoNeverWaitsReadsOverOne() {
        var width = ReadingWidth(ReadAhead())
        #expect(read(&width, windows: 50, each: 200, taken: 150) == Array(repeating: 1, count: 50))
    }

    /// The window after a change says nothing.
    @Test func eachThatMakesItFasterIsKept() {
        var width = ReadingWidth(ReadAhead())
        #expect(read(&width, windows: 9, each: 15) == [2, 2, 3, 3, 4, 4, 4, 4, 4])
    }

    @Test func moreThanIsTakenIsNotAskedFor() {
        var width = ReadingWidth(ReadAhead())
        // Two give 100 of the 120 that are taken: the reader waits for a sixth of the time.
        #expect(read(&width, windows: 20, each: 50, taken: 120).last == 2)
    }

    @Test func whatBringsNothingIsGivenUpAndTriedSeldom() {
        var width = ReadingWidth(ReadAhead())
        let counts = read(&width, windows: 200, each: 40, all: 40)
        #expect(Array(counts[..<5]) == [2, 2, 1, 1, 1])
        let trials = counts.indices.dropFirst().filter { counts[$0] == 2 && counts[$0 - 1] == 1 }
        #expect(trials.count == 2 && (trials.first ?? 0) > 32)
    }

    @Test func aLineThatGetsSlowerGetsMore() {
        var width = ReadingWidth(ReadAhead())
        #expect(read(&width, windows: 10, each: 200, taken: 150).last == 1)
        #expect(read(&width, windows: 10, each: 20, taken: 150).last == 4)
    }

    /// rclone reads an object through for each request.
    @Test func aStoreThatIsSlowToBeginIsReadOverOne() {
        var width = ReadingWidth(ReadAhead())
        width.note(latency: .milliseconds(500))
        #expect(read(&width, windows: 50, each: 100).last == 1)
        var near = ReadingWidth(ReadAhead())
        near.note(latency: .milliseconds(60))
        #expect(read(&near, windows: 50, each: 100).last == 4)
    }

    @Test func aMomentIsNotASpeed() {
        var width = ReadingWidth(ReadAhead())
        for _ in 0..<100 { width.note(bytes: Self.window, waited: .microseconds(9), elapsed: .microseconds(10)) }
        #expect(width.connections == 1)
        var other = ReadingWidth(ReadAhead())
        for _ in 0..<100 { other.note(bytes: 1000, waited: .seconds(1), elapsed: .seconds(1)) }
        #expect(other.connections == 1)
    }
}
