package import Backups
package import Exposition

/// Turns facts into one group of metric families. Pure: reads no clock, no file and no network, so that a scrape can't wait
/// or fail.
///
/// Every family of the group is returned, without samples where nothing is known yet: what is not known is absent from the
/// page, and never 0.
package protocol Collector: Sendable {
    /// The group, as docs and the contract of metrics call it.
    var name: String { get }

    func collect(_ facts: FleetFacts) -> [MetricFamily]
}
