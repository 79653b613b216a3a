import Testing

@testable import Daemon

@Suite struct BackoffTests {
    @Test func waitsTwiceAsLongUpToTheLimit() {
        var backoff = Backoff()
        let waits = (0..<11).map { _ in backoff.fail(random: 1) }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map { Duration.seconds($0) })
    }

    @Test func neverOverflows() {
        var backoff = Backoff()
        for _ in 0..<1000 { _ = backoff.fail(random: 1) }
        #expect(backoff.fail(random: 1) == .seconds(300))
    }

    @Test(arguments: [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0)])
    func spreadsOverTheUpperHalf(random: Double, seconds: Double) {
        var backoff = Backoff(shortest: .seconds(4))
        #expect(backoff.fail(random: random) == .seconds(seconds))
    }

    @Test func beginsAnewAfterASuccess() {
        var backoff = Backoff()
        for _ in 0..<5 { _ = backoff.fail(random: 1) }
        backoff.succeed()
        #expect(backoff.fail(random: 1) == .seconds(1))
    }
}
