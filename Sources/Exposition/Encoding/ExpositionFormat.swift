/// A text format that Prometheus reads.
package enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus text 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
    case text
    /// OpenMetrics text 1.0.0 (prometheus.io/docs/specs/om/open_metrics_spec).
    case openMetrics

    /// For the header `Content-Type`.
    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
