import Backups
import Logging
import Settings

/// Databases that an entry with `{database}` found. One whose backups vanish stays, and alarms, until it is forgotten.
extension Conductor {
    /// Makes databases of names that were not known yet.
    func discover(_ looks: [CatalogLook]) {
        let known = Set(databases.keys)
        for look in looks where look.problem == nil && look.entry.contains(DatabaseSettings.placeholder) {
            guard let entry = configuration.databases.first(where: { $0.name == look.entry && $0.discovers }) else {
                continue
            }
            for found in look.databases.sorted(by: { $0.database < $1.database })
            where databases[found.database] == nil {
                guard let captured = entry.captured(from: found.database) else { continue }
                databases[found.database] = state(of: entry.database(captured), by: entry.name, since: clock())
                log.info("\(found.database): its backups were found in \(entry.backups.location)")
            }
        }
        remember()
        let new = databases.keys.filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        showEntries()
        schedule(known: known)
        for name in new { readHistory(of: name) }
        watchKnownProduction()
    }

    /// Databases that the entries found before: those that are known here, and, after a restart, those of the history.
    func discovered(beside configured: [String: DatabaseState]) -> [DatabaseState] {
        var states: [String: DatabaseState] = [:]
        for entry in configuration.databases where entry.discovers {
            for (name, state) in databases where state.entry == entry.name && state.isDiscovered {
                guard configured[name] == nil, let captured = entry.captured(from: name) else { continue }
                var state = state
                state.adopt(entry.database(captured))
                states[name] = state
            }
        }
        let earlier = history.read("databases that were found") { try history.store.discovered() } ?? []
        for database in earlier where configured[database.name] == nil && states[database.name] == nil {
            guard let entry = configuration.databases.first(where: { $0.discovers && $0.name == database.entry }),
                let captured = entry.captured(from: database.name)
            else { continue }
            var state = state(of: entry.database(captured), by: entry.name, since: database.monitoredSince)
            state.isRemembered = true
            states[database.name] = state
        }
        // Under a name of its own it goes with its entry.
        let named = earlier.map(\.name).filter { configured[$0] != nil }
        if !named.isEmpty {
            _ = history.write("databases that have a name of their own") {
                try history.store.noteDiscovered(named, by: nil, at: clock())
            }
        }
        return Array(states.values)
    }

    /// An entry that found nothing yet is shown itself, so that it alarms: nothing found is not success.
    func showEntries() {
        let finding = Set(databases.values.filter(\.isDiscovered).map(\.entry))
        for entry in configuration.databases where entry.discovers {
            if finding.contains(entry.name) {
                databases[entry.name] = nil
            } else if databases[entry.name] == nil {
                databases[entry.name] = DatabaseState(
                    settings: entry, entry: entry.name, monitoredSince: firstSeen(entry.name, clock()))
            }
        }
    }

    private func state(of settings: DatabaseSettings, by entry: String, since moment: Timestamp) -> DatabaseState {
        var state = DatabaseState(settings: settings, entry: entry, monitoredSince: moment)
        state.isRemembered = false
        return state
    }

    /// Writes down what was discovered, and since when: what could not be written is tried again at the next look.
    private func remember() {
        let new = Dictionary(grouping: databases.filter { !$0.value.isRemembered }, by: \.value.entry)
        for (entry, states) in new {
            let since = history.write("databases that were found") {
                try history.store.noteDiscovered(states.map(\.key), by: entry, at: clock())
            }
            for (name, moment) in since ?? [:] {
                databases[name]?.isRemembered = true
                databases[name]?.monitoredSince = moment
            }
        }
    }
}
