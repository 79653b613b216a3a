/// Rows of a restored database against what production's own counters say they must have been. Pure.
///
/// `now − inserted ≤ restored ≤ now + deleted`, with what was inserted and deleted between the backup's snapshot and the
/// count. The protocol that makes this a bound and not a guess:
/// 1. a sample of the counters before the backup's snapshot;
/// 2. later an exact count of production in one snapshot (never the statistics' estimate of live rows);
/// 3. a sample well after that count.
///
/// Source: PostgreSQL, "27.2. The Cumulative Statistics System": a session reports what it did when it is idle, so counters
/// lag a commit, and never run ahead of one. `n_tup_ins` and `n_tup_del` count work that was rolled back too, which only
/// widens the bound; TRUNCATE and rewrites count nothing, but change the relfilenode. Decision record 0093 lists the holes.
package struct BoundsParity: Sendable {
    /// Between a sample and the snapshot that it is taken for.
    package struct Settling: Sendable, Equatable {
        package var beforeSnapshot: Duration
        package var afterCount: Duration

        package init(beforeSnapshot: Duration, afterCount: Duration) {
            self.beforeSnapshot = beforeSnapshot
            self.afterCount = afterCount
        }

        /// Before: clocks differ. After: counters lag up to 10 s, up to 60 s more where sessions contend for them
        /// (pgstat.c: PGSTAT_IDLE_INTERVAL, PGSTAT_MAX_INTERVAL).
        package static let standard = Settling(beforeSnapshot: .seconds(60), afterCount: .seconds(75))
    }

    /// How much older than it says the data of a backup may be: a name in local time that is read as UTC (UTC+14 at most),
    /// a standby that lags. Only what production rules out for all of this time is held against the backup.
    package static let uncertainty: Int64 = 14 * 3600
    package static let checkName = "rows-bounds"

    /// Rows in the restored copy.
    package var restored: [TableName: UInt64]
    /// Rows in the dump itself; says which families were written under the name of their root.
    package var dump: [TableName: UInt64]
    package var families: TableFamilies
    package var live: LiveCount
    /// What production counted since the moment whose data the backup says it shows.
    package var counters: CounterWalk
    /// Why something may not have been counted, beside what the samples tell.
    package var doubt: CountingDoubt?
    /// Tables that are not compared: those of extensions, and those that are configured so.
    package var leftOut: Set<TableName>

    package init(
        restored: [TableName: UInt64], dump: [TableName: UInt64] = [:], families: TableFamilies = TableFamilies(),
        live: LiveCount, counters: CounterWalk, doubt: CountingDoubt? = nil, leftOut: Set<TableName> = []
    ) {
        self.restored = restored
        self.dump = dump
        self.families = families
        self.live = live
        self.counters = counters
        self.doubt = doubt
        self.leftOut = leftOut
    }

    /// An exact count of production, in one snapshot.
    package struct LiveCount: Sendable, Equatable {
        package var rows: [TableName: UInt64]
        /// After the snapshot of the count was taken.
        package var takenAt: Timestamp

        package init(rows: [TableName: UInt64], takenAt: Timestamp) {
            self.rows = rows
            self.takenAt = takenAt
        }
    }

    package struct Outcome: Sendable, Equatable {
        package var check: Check
        /// Sorted by name.
        package var tables: [BoundedTable]

        /// What is proved of every table of the backup: the weakest.
        package var proof: Proof {
            tables.contains { $0.restored != nil } && tables.allSatisfy { $0.restored == nil || $0.proof == .bounds }
                && check.verdict == .verified ? .bounds : .itself
        }

        /// A later sample may show more of what was done before the count.
        package var mayBecomeClear: Bool {
            tables.contains { table in
                switch table.state {
                case .outside, .unknown(.doubtful(_, .workSince)), .unknown(.doubtful(_, .timeUncertain)): true
                default: false
                }
            }
        }
    }

    package func compare() -> Outcome {
        let counters = counters.ended
        let summed = families.summed(dump, restored).union(families.summed(live.rows, restored))
        let members = Dictionary(grouping: Set(live.rows.keys).union(restored.keys)) { table in
            families.roots[table].flatMap { summed.contains($0) ? $0 : nil } ?? table
        }
        let now = families.gather(live.rows, summing: summed)
        let back = families.gather(restored, summing: summed)
        let tables = Set(now.keys).union(back.keys).sorted().map { name in
            // The root of a summed family holds no rows and counts nothing.
            let leaves = (members[name] ?? []).filter { !(summed.contains($0) && $0 == name) }
            let table = BoundedTable(name: name, restored: back[name], now: now[name], state: .apart(.leftOut))
            return judged(table, leaves.isEmpty ? [name] : leaves, counters)
        }
        return Outcome(check: check(tables), tables: tables)
    }

    private func judged(_ table: BoundedTable, _ leaves: [TableName], _ counters: CounterWalk) -> BoundedTable {
        guard !leftOut.contains(table.name), !leaves.contains(where: leftOut.contains) else { return table }
        var table = table
        guard let now = table.now else {
            table.state = .apart(.dropped)
            return table
        }
        if table.restored == nil, !counters.stated.begins(with: leaves, countedAt: live.takenAt) {
            table.state = .apart(.created)
            return table
        }
        switch counters.stated.changes(of: leaves, countedAt: live.takenAt) {
        case .failure(let unknown): table.state = .unknown(unknown)
        case .success(let changes):
            let bounds = Self.bounds(now, changes)
            if let restored = table.restored, bounds.contains(restored) {
                table.state = .within(bounds)
            } else {
                let earliest = counters.earliest.changes(of: leaves, countedAt: live.takenAt)
                table.state = outside(bounds, changes, table.restored, now, earliest)
            }
        }
        return table
    }

    /// What lies outside of the narrow bounds is held against the backup only where no hole is known that may explain it.
    private func outside(
        _ bounds: ClosedRange<UInt64>, _ changes: CounterSpan.Changes, _ restored: UInt64?, _ now: UInt64,
        _ earliest: Result<CounterSpan.Changes, UnknownBound>
    ) -> BoundedTable.State {
        if let doubt = changes.doubt ?? doubt { return .unknown(.doubtful(bounds, doubt)) }
        guard let restored, restored > 0 else { return .unknown(.doubtful(bounds, .mayBeLeftOut)) }
        guard case .success(let changes) = earliest, changes.doubt == nil else {
            return .unknown(.doubtful(bounds, .timeUncertain))
        }
        let wide = Self.bounds(now, changes)
        return wide.contains(restored) ? .unknown(.doubtful(bounds, .timeUncertain)) : .outside(wide)
    }

    private static func bounds(_ now: UInt64, _ changes: CounterSpan.Changes) -> ClosedRange<UInt64> {
        let (sum, overflow) = now.addingReportingOverflow(changes.deleted)
        return (now > changes.inserted ? now - changes.inserted : 0)...(overflow ? .max : sum)
    }
}
