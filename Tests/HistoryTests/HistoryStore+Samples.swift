import Backups

extension HistoryStore {
    /// All that is shown.
    func samples(of database: String, spanning moment: Timestamp) throws -> [ProductionSample] {
        var samples: [ProductionSample] = []
        try visitSamples(of: database, spanning: moment) { sample in
            samples.append(sample)
            return true
        }
        return samples
    }

    /// Those from `start` on.
    func samples(of database: String, from start: Timestamp) throws -> [ProductionSample] {
        try samples(of: database, spanning: start).filter { $0.takenAt >= start }
    }

    /// The store keeps samples of databases that it knows.
    func noteOfKnown(_ sample: ProductionSample, of database: String) throws {
        _ = try monitoredSince(database, now: sample.takenAt)
        try note(sample, of: database)
    }
}
