import Backups
import Logging
import Processes
import Scheduling
import Settings

extension Conductor {
    /// A bad file changes nothing but what is said of it.
    /// - Parameter webProblem: why users and certificates stay as they were, where they do.
    /// - Returns: whether all that is new is in force.
    func reloadConfiguration(_ webProblem: String? = nil) -> Bool {
        isDirty = true
        do {
            let new = try load()
            guard new.daemon.webConfigFile == configuration.daemon.webConfigFile else {
                // Who asks for passwords must not believe that they are asked for.
                throw Obstacle(
                    .unreadable, "web.config_file can't be another one while the daemon runs",
                    hint: "Start the daemon again.")
            }
            if new.daemon.listen != configuration.daemon.listen || new.daemon.history != configuration.daemon.history {
                log.warning("listen and history stay as they were until the daemon is started again")
            }
            configuration = new
            reload = ConfigurationFacts(isLastReloadSuccessful: true, loadedAt: clock())
            configure()
            log.notice("the configuration was read again: \(Quantity.count(UInt64(databases.count), "database"))")
            guard let webProblem else { return true }
            reload.isLastReloadSuccessful = false
            reload.problem = "users and certificates stay as they were: \(webProblem)"
            return false
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
        for settings in configuration.databases where !settings.discovers {
            var state =
                databases[settings.name].flatMap { $0.isDiscovered ? nil : $0 }
                ?? DatabaseState(
                    settings: settings, entry: settings.name, monitoredSince: firstSeen(settings.name, now))
            state.adopt(settings)
            configured[settings.name] = state
        }
        for state in discovered(beside: configured) { configured[state.settings.name] = state }
        let known = Set(databases.keys)
        for (name, state) in databases where configured[name] == nil { leftovers[name] = state.running }
        for (name, state) in configured {
            configured[name]?.running = state.running ?? databases[name]?.running
            configured[name]?.isDrilling = state.isDrilling || databases[name]?.isDrilling ?? false
        }
        databases = configured
        if !databases.values.contains(where: { $0.settings.walArchive != nil }) { collectors["wal_archive"] = nil }
        showEntries()
        schedule(known: known)
        for name in databases.keys { readHistory(of: name) }
        watch(configuration)
        watchKnownProduction()
        isDirty = true
    }

    /// An entry that discovers has no server of its own: its connection is that of the databases it finds.
    ///
    /// Where there are too many, those that are configured by name go first, then those that were found first: who adds
    /// names to a location takes nobody's place.
    func watchKnownProduction() {
        let known = databases.values.filter { !$0.settings.discovers }.sorted {
            ($0.isDiscovered ? 1 : 0, $0.monitoredSince, $0.settings.name)
                < ($1.isDiscovered ? 1 : 0, $1.monitoredSince, $1.settings.name)
        }
        watchProduction(known.map(\.settings), configuration)
        dropUnwatched(among: known.map(\.settings))
    }

    /// What is not watched any more, or has no room among those that are, is not known: it would stay for ever.
    /// - Parameter known: in the order in which they are watched.
    private func dropUnwatched(among known: [DatabaseSettings]) {
        watchedProduction = Set(ProductionWatch.watched(of: known).map(\.name))
        for name in databases.keys {
            if !watchedProduction.contains(name) { databases[name]?.production = nil }
            if databases[name]?.settings.hasOwnDisk != true { databases[name]?.disk = nil }
        }
    }

    /// Tells the scheduler of all databases.
    /// - Parameter known: those that it has heard of before, whose past it knows.
    func schedule(known: Set<String>) {
        // By names: what is found out of one is noted with it.
        let scheduled = databases.keys.compactMap { name -> ScheduledDatabase? in
            guard let state = databases[name] else { return nil }
            return ScheduledDatabase(
                name: name, schedule: state.settings.schedule, monitoredSince: state.monitoredSince,
                lastRuns: known.contains(name) ? [:] : lastRuns(of: name), drill: scheduledDrill(of: state))
        }
        scheduler.configure(scheduled, cap: configuration.daemon.concurrentVerifications, at: clock())
        for name in databases.keys { noteArchive(of: name) }
    }

    func firstSeen(_ name: String, _ now: Timestamp) -> Timestamp {
        history.monitoredSince(name, now: now)
    }

    private func lastRuns(of name: String) -> [BackupIdentity: RunSummary] {
        history.read("earlier verifications") { try history.store.lastRuns(of: name) } ?? [:]
    }
}
