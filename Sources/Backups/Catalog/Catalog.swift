/// The backups of one database as they come and go. Pure: it is told what was found, and when.
///
/// A backup is complete when its manifest is there, when it had surely not been written to for ``quiet`` when it was first
/// seen, or when it has held still for ``quiet`` since. One that changes is another backup, and begins anew.
package struct Catalog: Sendable, Equatable {
    /// How long a file must not have changed, in seconds. A writer that stalls longer than this is taken to be done: the
    /// verification then finds the end missing, and the next change of the file makes it another backup.
    package static let quiet = 60.0

    private struct Sighting: Sendable, Equatable {
        var backup: CatalogBackup
        var firstSeen: Timestamp
        var isComplete: Bool
    }

    private var sightings: [String: Sighting] = [:]
    private var problem: String?
    private var wasListed = false

    package init() {}

    /// As it was when the location was last listed, by a program that has ended since.
    package init(recalling backups: [CatalogBackup]) {
        for backup in backups {
            sightings[backup.identity.path] = Sighting(
                backup: backup, firstSeen: backup.identity.modified, isComplete: true)
        }
    }

    /// One candidate: an entry whose name matches, and the times that its name or its manifest tells.
    package struct Candidate: Sendable, Equatable {
        package var entry: LocationEntry
        package var dataAsOf: Timestamp?
        package var completedAt: Timestamp?

        package init(entry: LocationEntry, dataAsOf: Timestamp? = nil, completedAt: Timestamp? = nil) {
            self.entry = entry
            self.dataAsOf = dataAsOf
            self.completedAt = completedAt
        }

        /// As a backup, whether it is complete or not.
        package var backup: CatalogBackup {
            var backup = CatalogBackup(
                identity: entry.identity, completedAt: completedAt ?? entry.identity.modified, dataAsOf: dataAsOf)
            backup.isBaseBackup = entry.isBaseBackup
            return backup
        }
    }

    /// The location was listed.
    /// - Parameters:
    ///   - clock: what the candidates' times are of.
    ///   - now: when that began.
    ///   - end: when it ended; `nil`: at once. Each candidate was seen at some moment between the two.
    package mutating func see(
        _ candidates: [Candidate], by clock: LocationClock = .own, at now: Timestamp, until end: Timestamp? = nil
    ) {
        // Nobody saw what was there already come.
        let isFirst = !wasListed && sightings.isEmpty
        (problem, wasListed) = (nil, true)
        var seen: [String: Sighting] = [:]
        for candidate in candidates {
            let identity = candidate.entry.identity
            let known = sightings[identity.path].flatMap { $0.backup.identity == identity ? $0 : nil }
            let isOld = known == nil && clock.hasHeldStill(since: identity.modified, for: Self.quiet, at: now)
            let hasHeldStill = known.map { now.seconds(since: $0.firstSeen) >= Self.quiet } ?? false
            let firstSeen = known?.firstSeen ?? end ?? now
            var backup = candidate.backup
            backup.unchangedSince =
                known?.backup.unchangedSince ?? (isFirst ? min(identity.modified, firstSeen) : firstSeen)
            seen[identity.path] = Sighting(
                backup: backup, firstSeen: firstSeen,
                isComplete: known?.isComplete == true || candidate.entry.isKnownComplete || isOld || hasHeldStill)
        }
        sightings = seen
    }

    /// The location could not be listed: what was known stays.
    package mutating func fail(_ problem: String) {
        self.problem = problem
    }

    /// The first of these directories that something known lies in.
    package func directory(among directories: [String]) -> String? {
        directories.first { directory in sightings.keys.contains { $0.hasPrefix(directory + "/") } }
    }

    /// When something in progress may have become complete; `nil` when nothing is in progress.
    package var nextChange: Timestamp? {
        sightings.values.filter { !$0.isComplete }.map(\.firstSeen).min().map {
            Timestamp(microseconds: $0.microseconds + Int64(Self.quiet * 1_000_000))
        }
    }

    /// What is still being written, the oldest first.
    package var unfinished: [CatalogBackup] { sightings.values.filter { !$0.isComplete }.map(\.backup).inOrder }

    /// What metrics and pages say of it.
    package var facts: CatalogFacts {
        let backups = sightings.values.filter(\.isComplete).map(\.backup).inOrder
        let sizes = backups.map(\.identity.sizeBytes)
        return CatalogFacts(
            isLocationUp: problem == nil, problem: problem, backups: backups,
            inProgress: sightings.values.count { !$0.isComplete },
            expectedSize: SizeBand.expected(sizes), growth: growth(of: backups),
            identicalSizes: SizeBand.identicalSizes(sizes))
    }

    private func growth(of backups: [CatalogBackup]) -> Double? {
        guard let first = backups.first else { return nil }
        return GrowthRate.slope(
            backups.map { (seconds: $0.time.seconds(since: first.time), bytes: $0.identity.sizeBytes) })
    }
}
