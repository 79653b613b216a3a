/// One series of a metric family, and its value.
package struct Sample: Sendable, Equatable {
    /// In the order in which they are written. Prometheus does not care about it; people who compare two scrapes do.
    package let labels: [Label]
    /// In the unit of the family. A sample that is not a number is never written: what is not known is absent.
    package let value: Double

    package init(_ labels: [Label] = [], _ value: Double) {
        self.labels = labels
        self.value = value
    }
}
