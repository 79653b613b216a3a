/// All that metrics, pages and the API say, at one moment. Immutable: made anew when a fact changes, and then read by
/// every request until the next one.
package struct FleetFacts: Sendable, Equatable {
    package var program: ProgramFacts
    package var configuration: ConfigurationFacts
    /// What gathers facts in the background, by name: `catalog`, `history`, `postgres`.
    package var collectors: [String: CollectorFacts]
    /// In the order of their names.
    package var databases: [DatabaseFacts]
    package var history: HistoryFacts

    package init(
        program: ProgramFacts = ProgramFacts(), configuration: ConfigurationFacts = ConfigurationFacts(),
        collectors: [String: CollectorFacts] = [:], databases: [DatabaseFacts] = [],
        history: HistoryFacts = HistoryFacts()
    ) {
        self.program = program
        self.configuration = configuration
        self.collectors = collectors
        self.history = history
        self.databases = databases.sorted { $0.name < $1.name }
    }
}

/// The program that runs.
package struct ProgramFacts: Sendable, Equatable {
    package var version: String
    /// The commit it was built from; `unknown` where nobody said.
    package var revision: String
    package var swift: String

    package init(version: String = ToolVersion.current, revision: String = "unknown", swift: String = ToolVersion.swift)
    {
        self.version = version
        self.revision = revision
        self.swift = swift
    }
}

/// How the last attempt to read the configuration ended.
package struct ConfigurationFacts: Sendable, Equatable {
    package var isLastReloadSuccessful: Bool
    /// When the configuration that is in force was read.
    package var loadedAt: Timestamp?
    /// Why the last attempt failed.
    package var problem: String?

    package init(isLastReloadSuccessful: Bool = true, loadedAt: Timestamp? = nil, problem: String? = nil) {
        self.isLastReloadSuccessful = isLastReloadSuccessful
        self.loadedAt = loadedAt
        self.problem = problem
    }
}

/// The last round of something that gathers facts.
package struct CollectorFacts: Sendable, Equatable {
    package var isSuccessful: Bool
    package var seconds: Double

    package init(isSuccessful: Bool, seconds: Double) {
        self.isSuccessful = isSuccessful
        self.seconds = seconds
    }
}
