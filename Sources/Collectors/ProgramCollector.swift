package import Backups
package import Exposition

/// The program itself: what was built, whether its configuration is in force, whether it still gathers facts.
package struct ProgramCollector: Collector {
    package let name = "program"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        [build(facts.program)] + configuration(facts.configuration) + rounds(facts.collectors)
            + [history(facts.history)]
    }

    private func build(_ program: ProgramFacts) -> MetricFamily {
        let labels = [
            Label("version", program.version), Label("revision", program.revision), Label("swift", program.swift),
        ]
        return MetricFamily(
            "restorable_build_info", "What this program was built from.", type: .info, samples: [Sample(labels, 1)])
    }

    private func configuration(_ configuration: ConfigurationFacts) -> [MetricFamily] {
        [
            MetricFamily(
                "restorable_config_last_reload_successful",
                "1 when the configuration could be read at the last attempt; while 0 the last good one stays in force.",
                samples: [Sample(value: configuration.isLastReloadSuccessful)]),
            MetricFamily(
                "restorable_config_last_reload_success_timestamp_seconds",
                "When the configuration that is in force was read.", unit: .seconds,
                samples: configuration.loadedAt.map { [Sample(value: $0)] } ?? []),
        ]
    }

    private func history(_ history: HistoryFacts) -> MetricFamily {
        MetricFamily(
            "restorable_history_set_aside_timestamp_seconds",
            "When a damaged history was set aside, as long as it lies beside the one that was begun in its place.",
            unit: .seconds, samples: history.setAside.map { [Sample(value: $0.at)] } ?? [])
    }

    private func rounds(_ collectors: [String: CollectorFacts]) -> [MetricFamily] {
        let rounds = collectors.sorted { $0.key < $1.key }
        return [
            MetricFamily(
                "restorable_collector_success", "1 when the last round of what gathers these facts succeeded.",
                samples: rounds.map { Sample([Label("collector", $0.key)], value: $0.value.isSuccessful) }),
            MetricFamily(
                "restorable_collector_duration_seconds", "How long the last round of what gathers these facts took.",
                unit: .seconds,
                samples: rounds.map { Sample([Label("collector", $0.key)], value: $0.value.seconds) }),
        ]
    }
}

extension Sample {
    fileprivate init(_ labels: [Label] = [], value: some MetricValue) {
        self.init(labels, value.metricValue)
    }
}
