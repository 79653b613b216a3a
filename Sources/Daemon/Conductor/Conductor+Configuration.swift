import Backups
import Logging
import Processes
import Scheduling
import Settings

extension Conductor {
    /// A bad file changes nothing but what is said of it.
    /// - Returns: whether the new one is in force.
    func reloadConfiguration() -> Bool {
        isDirty = true
        do {
            let new = try load()
            if new.daemon.listen != configuration.daemon.listen || new.daemon.history != configuration.daemon.history {
                log.warning("listen and history stay as they were until the daemon is started again")
            }
            configuration = new
            reload = ConfigurationFacts(isLastReloadSuccessful: true, loadedAt: clock())
            configure()
            log.notice("the configuration was read again: \(Quantity.count(UInt64(databases.count), "database"))")
            return true
        } catch {
            reload.isLastReloadSuccessful = false
            reload.problem = "\(error)"
            log.error("the configuration could not be read again, the last good one stays in force: \(error)")
            return false
        }
    }

    /// Puts the configuration in force: what is gone goes, what stays keeps what is known of it.
    func configure() {
        let now = clock()
        var configured: [String: DatabaseState] = [:]
        for settings in configuration.databases {
            var state =
                databases[settings.name]
                ?? DatabaseState(settings: settings, monitoredSince: firstSeen(settings.name, now))
            state.settings = settings
            if settings.connection == nil { state.production = nil }
            configured[settings.name] = state
        }
        for (name, state) in databases where configured[name] == nil { leftovers[name] = state.running }
        databases = configured
        scheduler.configure(
            databases.values.map { state in
                ScheduledDatabase(
                    name: state.settings.name, schedule: state.settings.schedule,
                    monitoredSince: state.monitoredSince, lastRuns: lastRuns(of: state.settings.name))
            }, cap: configuration.daemon.concurrentVerifications, at: now)
        for name in databases.keys { readHistory(of: name) }
        watch(configuration)
        isDirty = true
    }

    private func firstSeen(_ name: String, _ now: Timestamp) -> Timestamp {
        history.monitoredSince(name, now: now)
    }

    private func lastRuns(of name: String) -> [BackupIdentity: RunSummary] {
        history.read("earlier verifications") { try history.store.lastRuns(of: name) } ?? [:]
    }
}
