import Backups
import Logging
import Scheduling
import Settings

extension Conductor {
    /// Somebody asks for these databases to be forgotten.
    func forget(_ names: [String]) {
        // They waited for their turn here: who asked may have given up meanwhile.
        let asked = history.read("requests to forget") { try history.store.forgetRequests() } ?? []
        for name in names where asked.contains(name) {
            // What runs, and what has still to be written, is waited for: the request stays, and comes again.
            guard databases[name]?.running == nil, leftovers[name] == nil, !scheduler.isRunning(name),
                history.unwritten(of: name).isEmpty
            else { continue }
            if let refusal = refusalToForget(name) {
                _ = history.write("an answer") { try history.store.refuseToForget(name, refusal) }
                continue
            }
            guard history.forget(name) != nil else { continue }
            log.notice("\(name) is forgotten")
            guard databases.removeValue(forKey: name) != nil else { continue }
            isDirty = true
            showEntries()
            schedule(known: Set(databases.keys))
            watchKnownProduction()
        }
    }

    private func refusalToForget(_ name: String) -> String? {
        guard let state = databases[name] else { return nil }
        guard state.isDiscovered else { return Forgetting.configured(name) }
        guard let catalog = state.catalog else { return "the location of its backups was not looked at yet" }
        let location = state.settings.backups.location
        guard catalog.backups.isEmpty, catalog.inProgress == 0 else {
            return Forgetting.comesBack(name, location)
        }
        return catalog.isLocationUp ? nil : Forgetting.unknown(name, location)
    }
}
