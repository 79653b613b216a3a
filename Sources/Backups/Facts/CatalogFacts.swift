/// What lies at the location of a database, as last seen.
package struct CatalogFacts: Sendable, Equatable {
    /// The location could be listed at the last attempt; while it can't, the rest stays as last known.
    package var isLocationUp: Bool
    /// Why it could not be listed.
    package var problem: String?
    /// Complete backups, the oldest first.
    package var backups: [CatalogBackup]
    /// Still being written.
    package var inProgress: Int
    /// Where the size of the newest backup is expected to lie; `nil` before there are enough to say.
    package var expectedSize: ClosedRange<Double>?
    /// Bytes per second, over distinct backups.
    package var growth: Double?
    /// How many of the newest backups in a row have the same size to the byte.
    package var identicalSizes: Int
    /// Whether production changed since the backup before the newest; `nil` where nothing tells it.
    package var hasProductionChanged: Bool?

    package init(
        isLocationUp: Bool = true, problem: String? = nil, backups: [CatalogBackup] = [], inProgress: Int = 0,
        expectedSize: ClosedRange<Double>? = nil, growth: Double? = nil, identicalSizes: Int = 0,
        hasProductionChanged: Bool? = nil
    ) {
        self.isLocationUp = isLocationUp
        self.problem = problem
        self.backups = backups
        self.inProgress = inProgress
        self.expectedSize = expectedSize
        self.growth = growth
        self.identicalSizes = identicalSizes
        self.hasProductionChanged = hasProductionChanged
    }

    package var newest: CatalogBackup? { backups.last }
    package var storedBytes: UInt64 { backups.reduce(0) { $0.addingSaturated($1.identity.sizeBytes) } }
}
