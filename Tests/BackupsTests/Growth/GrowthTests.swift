import Backups
import Testing

@Suite("Growth")
struct GrowthTests {
    @Test("Sizes that never vary have a band of a tenth, and a collapse lies outside it")
    func constant() throws {
        let band = try #require(SizeBand.expected([100, 100, 100, 100, 100, 100]))
        #expect(band.lowerBound == 90)
        #expect(band.upperBound == 110)
        let collapsed = try #require(SizeBand.expected([100, 100, 100, 100, 100, 1]))
        #expect(!collapsed.contains(1))
    }

    @Test("One outlier among the earlier ones does not widen the band")
    func outlier() throws {
        let band = try #require(SizeBand.expected([1000, 1010, 9_000_000, 990, 1000, 1005, 1]))
        #expect(band.contains(1000))
        #expect(!band.contains(1))
        #expect(!band.contains(9_000_000))
    }

    @Test("Only the window before the newest counts")
    func window() throws {
        let sizes = [UInt64](repeating: 5, count: 20) + [UInt64](repeating: 1000, count: SizeBand.window) + [1]
        #expect(try #require(SizeBand.expected(sizes)) == 900...1100)
    }

    @Test("Too few earlier backups have no band", arguments: 0...SizeBand.needed)
    func tooFew(count: Int) {
        #expect(SizeBand.expected([UInt64](repeating: 7, count: count)) == nil)
    }

    @Test(
        "The newest of the same size are counted",
        arguments: [([], 0), ([5], 1), ([5, 6], 1), ([6, 5, 5, 5], 3), ([5, 5, 6, 5], 1)] as [([UInt64], Int)])
    func identical(sizes: [UInt64], expected: Int) {
        #expect(SizeBand.identicalSizes(sizes) == expected)
    }

    @Test("Linear growth is found, also with an outlier")
    func slope() throws {
        var points = (0..<10).map { (seconds: Double($0) * 100, bytes: UInt64($0) * 250) }
        #expect(try #require(GrowthRate.slope(points)) == 2.5)
        points[4].bytes = 1_000_000
        #expect(abs(try #require(GrowthRate.slope(points)) - 2.5) < 0.5)
    }

    @Test("What shrinks has a negative rate, what stays has none, and one moment tells nothing")
    func edges() {
        #expect(GrowthRate.slope([(0, 100), (10, 50)]) == -5)
        #expect(GrowthRate.slope([(0, 100), (10, 100), (20, 100)]) == 0)
        #expect(GrowthRate.slope([(0, 100), (0, 200)]) == nil)
        #expect(GrowthRate.slope([(0, 100)]) == nil)
        #expect(GrowthRate.slope([]) == nil)
    }
}
