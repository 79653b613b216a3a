import TestSupport
import Testing

@testable import Backups

/// Told sample by sample, a span says what all samples together say.
@Suite struct CounterSpanTests {
    private static let snapshot = Timestamp(seconds: 100_000)
    private static let counted = Timestamp(seconds: 200_000)
    private static let names = ["a", "b", "c", "d"]

    /// Samples as a server with troubles may give them: mostly nothing happens, or rows come and go.
    private func samples(_ random: inout SeededGenerator) -> [ProductionSample] {
        func happens(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
        var tables = Self.names.map { BoundsParityTests.counters($0, inserted: 5, deleted: 3, updated: 2) }
        var (epoch, circumstances) = ("e", "c")
        return (0...Int.random(in: 10...16, using: &random)).map { index in
            if happens(20) { epoch += "'" }
            if happens(20) { circumstances += "'" }
            for place in tables.indices where !happens(3) {
                if happens(25) { tables[place].oid += 1 }
                if happens(25) { tables[place].relfilenode += 1 }
                if happens(25) { tables[place].definition += 1 }
                if happens(40) { tables[place].updated = 0 }
                tables[place].inserted += .random(in: 0...3, using: &random)
                tables[place].deleted += .random(in: 0...3, using: &random)
            }
            var seen = happens(4) ? tables.shuffled(using: &random) : tables
            if happens(12) { seen.remove(at: .random(in: 0..<seen.count, using: &random)) }
            if happens(4) {
                seen.insert(BoundsParityTests.counters("new", inserted: 1), at: .random(in: 0...4, using: &random) / 2)
            }
            return BoundsParityTests.sample(
                80_000 + Int64(index) * 10_000, seen, epoch: epoch, circumstances: happens(30) ? nil : circumstances)
        }
    }

    @Test(arguments: 0..<4) func itSaysWhatAllSamplesTogetherSay(round: UInt64) {
        var answers: Set<String> = []
        for seed in round * 500..<(round + 1) * 500 {
            var random = SeededGenerator(seed: seed)
            let samples = samples(&random)
            let whole = WholeSpan(samples, snapshot: Self.snapshot, countedAt: Self.counted)
            var span = CounterSpan(snapshot: Self.snapshot, settling: .standard)
            for sample in samples {
                span.add(sample)
                if sample.takenAt.seconds(since: Self.counted) >= 75 { break }
            }
            span = span.ended
            for names in [["a"], ["b"], ["c"], ["d"], ["a", "b", "c", "d"], ["new"], ["never"], []] {
                let tables = names.map { TableName(schema: "public", name: $0) }
                let answer = span.changes(of: tables, countedAt: Self.counted)
                #expect(answer == whole.changes(of: tables), "seed \(seed), \(names)")
                #expect(
                    span.begins(with: tables, countedAt: Self.counted) == whole.begins(with: tables),
                    "seed \(seed), \(names)")
                switch answer {
                case .failure(let unknown): answers.insert("\(unknown)")
                case .success(let changes): answers.insert(changes.doubt.map { "\($0)" } ?? "changes")
                }
            }
        }
        // Six reasons why nothing is known, three doubts, and changes without any.
        #expect(answers.count == 10, "\(answers)")
    }

    /// Of many samples it holds the last alone, and the first until another follows.
    @Test func itLetsGoOfSamples() {
        var span = CounterSpan(snapshot: Self.snapshot, settling: .standard)
        var tables = [BoundsParityTests.counters(inserted: 1)]
        let sizes = (0..<1000).map { index in
            tables[0].inserted += 1
            span.add(BoundsParityTests.sample(90_000 + Int64(index) * 100, tables))
            return Self.samples(in: span)
        }
        #expect(sizes.max() == 2)
        #expect(sizes.last == 1)
        let name = TableName(schema: "public", name: "t")
        let changes = CounterSpan.Changes(inserted: 900, deleted: 0, doubt: nil)
        #expect(span.changes(of: [name], countedAt: Timestamp(seconds: 189_000)) == .success(changes))
    }

    private static func samples(in span: CounterSpan) -> Int {
        Mirror(reflecting: span).children.count { field in
            Mirror(reflecting: field.value).children.contains { $0.value is ProductionSample }
        }
    }
}
