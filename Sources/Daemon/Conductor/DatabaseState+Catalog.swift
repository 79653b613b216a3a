import Backups

extension DatabaseState {
    /// What is known of its backups, where a look found none and could not see all: what was known before.
    /// - Returns: `nil` where the look itself says it.
    func known(_ found: CatalogFacts) -> CatalogFacts? {
        guard !found.isLocationUp, found.backups.isEmpty, found.inProgress == 0 else { return nil }
        return lookedAt(found.problem)
    }

    /// After a look that found no backup: none is there, or, where not all could be listed, what was known.
    func lookedAt(_ problem: String?) -> CatalogFacts {
        guard let problem else { return CatalogFacts() }
        var facts = catalog ?? Catalog(recalling: recalled).facts
        (facts.isLocationUp, facts.problem) = (false, problem)
        return facts
    }

    /// The first of these directories that a backup lies in which is known.
    func closed(among directories: [String]) -> String? {
        let backups = catalog?.backups ?? recalled
        return directories.first { directory in
            backups.contains { $0.identity.path.hasPrefix(directory + "/") }
        }
    }
}
