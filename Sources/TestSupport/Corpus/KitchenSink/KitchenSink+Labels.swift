extension KitchenSink {
    /// Security labels on what the sink holds, for a server that has ``LabelProvider`` loaded.
    package static let labels = [
        "SCHEMA sink", "TABLE sink.many", "COLUMN sink.many.hash", "TABLE sink.\"UPPER\"",
        "COLUMN sink.\"UPPER\".\"Mixed\"",
        "VIEW sink.simple", "MATERIALIZED VIEW sink.filled", "SEQUENCE sink.called", "TYPE sink.mood",
        "FUNCTION sink.on_ddl()", "FOREIGN TABLE sink.file", "EVENT TRIGGER sink_ddl", "PUBLICATION sink_all",
        "TABLE sink.by_range", "TABLE sink.by_range_2020",
    ]
    .map { label($0) }.joined(separator: "\n")

    /// Labels of the server's own objects, which `pg_dumpall` dumps.
    package static let roleLabels = label("ROLE sink_owner")

    /// - Parameter object: as `TABLE sink.many`.
    package static func label(_ object: String, _ label: String = #"it''s \ secret"#) -> String {
        "SECURITY LABEL FOR \(LabelProvider.name) ON \(object) IS '\(label)';"
    }
}
