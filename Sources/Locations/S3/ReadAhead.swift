/// How an object is read over several connections: when one is slower than what comes after it.
package struct ReadAhead: Sendable {
    /// At first, and at most.
    package var first = 1
    package var most = 4
    /// Bytes of one request. So much is held in memory for each connection, and once more for what is being read.
    package var rangeSize: UInt64 = 4 << 20
    /// A speed is that of so many bytes, and at least of so long a time.
    package var window: UInt64 = 8 << 20
    package var time = Duration.milliseconds(100)
    /// Share of the time that whoever reads must have waited for another connection to be worth a trial.
    package var waiting = 1.0 / 3
    /// So many ranges may pass over one connection while the store begins an answer; with more, no other is tried: some
    /// stores read an object through for each request.
    package var latency = 3.0

    package init() {}
}
