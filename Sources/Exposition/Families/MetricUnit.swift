/// The base unit of a metric family; its name ends with it (before `_total`).
package enum MetricUnit: String, Sendable, Equatable {
    case seconds
    case bytes
    case bytesPerSecond = "bytes_per_second"
}
