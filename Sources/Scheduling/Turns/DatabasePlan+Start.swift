internal import Backups

extension DatabasePlan {
    /// Suspended, and not asked for by hand.
    var isHeldBack: Bool { schedule.isSuspended && requestedAt == nil }

    /// When the next turn may start, asked at `now`; it may have passed. `nil` when nothing is due.
    func start(from now: Timestamp) -> Timestamp? {
        guard let due, let start = due.start else { return nil }
        guard start <= now, due.turn != .requested, let window = schedule.window,
            !window.contains(now, in: schedule.zone)
        else { return start }
        // It did not get its turn while the window was open.
        return opening(from: now)
    }

    /// What keeps the next turn from starting at `now`, the cap and the room not counted; `nil` also stands for a turn
    /// that may start, so that one that is not due has a window as its obstacle only.
    func obstacle(at now: Timestamp) -> Hindrance? {
        guard !isHeldBack else { return .suspended }
        let start = start(from: now)
        guard let start, start <= now else { return .window(opens: start) }
        guard let catalog else { return .catalogUnknown }
        guard catalog.isLocationUp else { return .locationDown(problem: catalog.problem) }
        guard hasBackups else { return .noBackup }
        return obstacleOfArchive
    }

    private var hasBackups: Bool {
        let count = catalog?.backups.count ?? 0
        return schedule.selection.latest ? count > 0 : schedule.selection.randomOlder > 0 && count > 1
    }

    /// The backups of a turn, the newest first. Only complete ones are in the catalog.
    func selectBackups(for turn: Turn, using generator: inout any RandomNumberGenerator & Sendable)
        -> [BackupIdentity]
    {
        let present = catalog?.backups.map(\.identity) ?? []
        if turn == .retry, let retry {
            let left = Set(present).intersection(retry.backups)
            // Of those that are gone there is a newer one.
            if !left.isEmpty { return retry.backups.filter { left.contains($0) } }
        }
        let older = oldestJudged(present.dropLast(), count: schedule.selection.randomOlder, using: &generator)
        return (schedule.selection.latest ? present.suffix(1) : []) + older
    }

    /// Those that were never judged in any order, then some of the half that was judged longest ago.
    private func oldestJudged(
        _ backups: ArraySlice<BackupIdentity>, count: Int, using generator: inout any RandomNumberGenerator & Sendable
    ) -> [BackupIdentity] {
        guard count > 0 else { return [] }
        let fresh = backups.filter { judgements[$0] == nil }.shuffled(using: &generator).prefix(count)
        let judged = backups.compactMap { backup in judgements[backup].map { (backup: backup, at: $0.at) } }
            .sorted { ($0.at, $0.backup.path) < ($1.at, $1.backup.path) }
        let missing = count - fresh.count
        let pool = judged.prefix(max(missing, (judged.count + 1) / 2)).shuffled(using: &generator)
        return fresh + pool.prefix(missing).map(\.backup)
    }
}

extension DatabasePlan.Due {
    /// Who asks by hand does not queue.
    var rank: Int { turn == .requested ? 0 : 1 }
}
