import Backups

/// What a metric can show, as a number in Prometheus' base units.
protocol MetricValue: SendableMetatype {
    var metricValue: Double { get }
}

extension Double: MetricValue {
    var metricValue: Double { self }
}

extension Int: MetricValue {
    var metricValue: Double { Double(self) }
}

extension UInt64: MetricValue {
    var metricValue: Double { Double(self) }
}

extension Bool: MetricValue {
    var metricValue: Double { self ? 1 : 0 }
}

extension Timestamp: MetricValue {
    /// Seconds since 1970-01-01T00:00:00Z, to the microsecond.
    var metricValue: Double { Double(microseconds) / 1_000_000 }
}

extension Duration: MetricValue {
    /// Seconds.
    var metricValue: Double { totalSeconds }
}
