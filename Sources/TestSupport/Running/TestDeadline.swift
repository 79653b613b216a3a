import Glibc

/// Waits for what other threads and processes do.
package enum TestDeadline {
    /// Returns when `condition` holds.
    /// - Throws: ``TestFailure`` after a minute and a half.
    package static func wait(for what: String, _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while try !condition() {
            guard ContinuousClock.now < deadline else { throw TestFailure("not within 90 s: \(what)") }
            usleep(10_000)
        }
    }
}
