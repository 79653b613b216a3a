/// What the value of a metric family means.
package enum MetricType: Sendable, Equatable {
    /// May rise and fall.
    case gauge
    /// Only rises, and starts again at 0. Its family is named with `_total`.
    case counter
    /// Always 1: what it says is in its labels. Its family is named with `_info`.
    case info

    /// What the names of its samples end with, and the OpenMetrics name of the family lacks (OpenMetrics 1.0, "Suffixes").
    var suffix: String {
        switch self {
        case .gauge: ""
        case .counter: "_total"
        case .info: "_info"
        }
    }
}
