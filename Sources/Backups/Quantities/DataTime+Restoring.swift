extension DataTime {
    /// A time as it was found earlier. A moment without its source, or a source without its moment, is no data time.
    package init(restoring asOf: Timestamp?, from source: Source?, completedAt: Timestamp?) {
        self.init(
            manifest: source == .manifest ? asOf : nil, dumpStart: source == .dump ? asOf : nil,
            named: source == .name ? asOf : nil, recovered: source == .recovery ? asOf : nil, completedAt: completedAt)
    }
}
