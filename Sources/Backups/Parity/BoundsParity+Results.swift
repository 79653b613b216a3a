extension BoundsParity.Outcome {
    /// What was known of each table, and what production's counters add to it. A table that they say nothing of keeps the
    /// proof that it has.
    package func results(over known: [TableResult]) -> [TableResult] {
        var results = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        for table in tables where table.bounds != nil {
            let before = results[table.name]
            let proof: Proof =
                switch table.state {
                case .within: .bounds
                case .outside: .none
                case .unknown, .apart: before?.proof ?? .none
                }
            results[table.name] = TableResult(
                name: table.name, dumpRows: before?.dumpRows, restoredRows: before?.restoredRows ?? table.restored,
                referenceRows: table.now, bounds: table.bounds, proof: proof)
        }
        return results.values.sorted { $0.name < $1.name }
    }
}
