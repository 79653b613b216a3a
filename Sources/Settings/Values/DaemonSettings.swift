/// What only `restorable serve` needs.
package struct DaemonSettings: Sendable, Equatable {
    package var listen = ListenAddress.standard
    /// TLS and basic authentication, in the format of the exporter-toolkit; `nil` for neither.
    package var webConfigFile: String?
    /// File of the history.
    package var history = "/var/lib/restorable/history.sqlite"
    /// How long finished verifications are kept, but for the last one of each backup that is still there.
    package var retention = Duration.seconds(400 * 86_400)
    /// Between two looks at the locations.
    package var catalogInterval = Duration.seconds(60)
    /// Between two questions to production.
    package var productionInterval = Duration.seconds(30)
    /// Between two samples of production's counters.
    package var samplesInterval = Duration.seconds(300)
    /// Verifications that may run side by side.
    package var concurrentVerifications = 1

    package init() {}
}
