internal import Backups

/// What the scheduler knows of one database's verifications, or of its drills, and when their next turn is due.
struct DatabasePlan: Sendable {
    /// The last judgement of a backup.
    struct Judgement: Sendable {
        var verdict: Verdict
        var at: Timestamp
    }

    /// Backups that could not be judged, for a reason that may pass.
    struct Retry: Sendable {
        var backups: [BackupIdentity]
        var notBefore: Timestamp
    }

    /// A turn, when it is due, and when its window first lets it start; `nil` for a window that never opens.
    struct Due: Sendable {
        var turn: Turn
        var at: Timestamp
        var start: Timestamp?
    }

    enum Turn: Sendable, Equatable {
        /// Asked for by hand: window and suspension do not count.
        case requested
        case scheduled
        case retry
    }

    /// The clock may be this far behind what has happened before that is held to be wrong (3 hours, as cron(8) of Vixie
    /// cron has it): until then the clock is waited for, which repeats no turn.
    static let toleratedStep: Int64 = 3 * 3600

    let fraction: Double
    private(set) var schedule: VerificationSchedule
    /// Turns of a cron expression before this are not made up for.
    private var countsFrom: Timestamp
    private(set) var lastTurn: Timestamp?
    private(set) var judgements: [BackupIdentity: Judgement] = [:]
    private(set) var retry: Retry?
    /// Attempts without a verdict, in a row.
    private var attempts = 0
    private(set) var catalog: CatalogFacts?
    /// Since when there is a newest backup that no run has taken.
    private var unseenSince: Timestamp?
    private var lastTaken: BackupIdentity?
    private(set) var requestedAt: Timestamp?
    /// Why there is no room; `nil` when there is.
    var lackOfRoom: String?
    /// Of drills: what is the matter with the archive; `nil` when nothing is.
    var obstacleOfArchive: Hindrance?
    /// The next turn; computed when something changes, since a thousand databases are asked each time.
    private(set) var due: Due?

    /// - Parameter attempts: that ended without a verdict, in a row, as far as that is known.
    init(_ database: ScheduledDatabase, attempts known: Int = 1) {
        fraction = Jitter.fraction(of: database.name)
        schedule = database.schedule
        countsFrom = database.monitoredSince
        lastTurn = database.lastRuns.values.map(\.startedAt).max()
        judgements = database.lastRuns.mapValues { Judgement(verdict: $0.verdict, at: $0.finishedAt) }
        // Those of the last turn, as far as the history tells one turn from another.
        let size = max(1, (schedule.selection.latest ? 1 : 0) + schedule.selection.randomOlder)
        let undecided = database.lastRuns.values.sorted { $0.finishedAt > $1.finishedAt }.prefix(size)
            .filter { RetryDelay.isWorthwhile($0.verdict, $0.reason) }
        if let last = undecided.first {
            attempts = max(1, known)
            retry = Retry(
                backups: undecided.map(\.backup),
                notBefore: last.finishedAt.adding(seconds: RetryDelay.seconds(after: attempts)))
        }
        computeDue()
    }

    // MARK: Events

    mutating func reschedule(_ schedule: VerificationSchedule, at now: Timestamp) {
        guard schedule != self.schedule else { return }
        // A new cron expression would else be found to have been missed.
        if schedule.trigger != self.schedule.trigger || schedule.zone != self.schedule.zone {
            countsFrom = now
        }
        self.schedule = schedule
        noteUnseen(at: now)
        computeDue()
    }

    mutating func see(_ catalog: CatalogFacts, at now: Timestamp) {
        self.catalog = catalog
        noteUnseen(at: now)
        computeDue()
    }

    mutating func request(at now: Timestamp) {
        // Who asks again does not go to the end of the queue.
        requestedAt = requestedAt ?? now
        computeDue()
    }

    mutating func start(_ turn: Turn, _ backups: [BackupIdentity], at now: Timestamp) {
        requestedAt = nil
        if turn != .retry { lastTurn = now }
        retry = nil
        if let newest = catalog?.newest?.identity, backups.contains(newest) || turn != .retry { lastTaken = newest }
        noteUnseen(at: now)
        computeDue()
    }

    mutating func finish(_ outcomes: [RunOutcome], at now: Timestamp) {
        for outcome in outcomes { judgements[outcome.backup] = Judgement(verdict: outcome.verdict, at: now) }
        let undecided = outcomes.filter { RetryDelay.isWorthwhile($0.verdict, $0.reason) }.map(\.backup)
        if undecided.isEmpty {
            attempts = 0
        } else {
            attempts += 1
            retry = Retry(
                backups: undecided, notBefore: now.adding(seconds: RetryDelay.seconds(after: attempts)))
        }
        // What is gone is not asked for again; without this a daemon that runs for years remembers every backup.
        if let catalog {
            let present = Set(catalog.backups.map(\.identity))
            judgements = judgements.filter { present.contains($0.key) }
        }
        computeDue()
    }

    /// Takes back what lies in the future, after the clock was set back: it would else hold up turns until then.
    mutating func accept(_ now: Timestamp) {
        let latest = now.adding(seconds: Self.toleratedStep)
        var isChanged = false
        func clamp(_ moment: Timestamp?, to limit: Timestamp) -> Timestamp? {
            guard let moment, moment > limit else { return moment }
            isChanged = true
            return now
        }
        lastTurn = clamp(lastTurn, to: latest)
        countsFrom = clamp(countsFrom, to: latest) ?? now
        unseenSince = clamp(unseenSince, to: now)
        requestedAt = clamp(requestedAt, to: now)
        if let retry, retry.notBefore > now.adding(seconds: RetryDelay.most) {
            self.retry?.notBefore = now.adding(seconds: RetryDelay.seconds(after: attempts))
            isChanged = true
        }
        if isChanged { computeDue() }
    }

    // MARK: Due

    private mutating func noteUnseen(at now: Timestamp) {
        guard case .afterEachBackup = schedule.trigger, schedule.selection.latest || schedule.selection.randomOlder > 0,
            let newest = catalog?.newest?.identity, judgements[newest] == nil, newest != lastTaken
        else {
            unseenSince = nil
            return
        }
        unseenSince = unseenSince ?? now
    }

    private mutating func computeDue() {
        if let requestedAt {
            due = Due(turn: .requested, at: requestedAt, start: requestedAt)
            return
        }
        let scheduled = scheduledDue.map { Due(turn: .scheduled, at: $0, start: opening(from: $0)) }
        let again = retry.map { Due(turn: .retry, at: $0.notBefore, start: opening(from: $0.notBefore)) }
        // A turn takes the newest backup anyway: at the same time it comes before an attempt to repeat one.
        guard let scheduled, let again else {
            due = scheduled ?? again
            return
        }
        due = (again.start ?? .never) < (scheduled.start ?? .never) ? again : scheduled
    }

    /// `moment` when the window is open then, else a little after it opens next; `nil` when it never does.
    func opening(from moment: Timestamp) -> Timestamp? {
        guard let window = schedule.window, let opens = window.opening(from: moment, in: schedule.zone) else {
            return schedule.window == nil ? moment : nil
        }
        guard opens != moment else { return moment }
        let delay = Jitter.delay(fraction, most: schedule.jitter, interval: Double(window.length))
        let later = opens.adding(seconds: delay)
        return window.contains(later, in: schedule.zone) ? later : opens
    }

    private var scheduledDue: Timestamp? {
        switch schedule.trigger {
        case .afterEachBackup: return unseenSince
        case .every(let interval):
            guard let lastTurn else { return delayed(countsFrom, interval: interval.totalSeconds) }
            return lastTurn.adding(interval)
        case .cron(let expression):
            let base = max(lastTurn ?? countsFrom, countsFrom)
            guard let next = expression.next(after: base, in: schedule.zone) else { return nil }
            let following = expression.next(after: next, in: schedule.zone)
            return delayed(next, interval: following?.seconds(since: next) ?? .infinity)
        }
    }

    /// `moment` and the database's jitter, but not beyond the end of a window that is open at `moment`.
    private func delayed(_ moment: Timestamp, interval: Double) -> Timestamp {
        let later = moment.adding(seconds: Jitter.delay(fraction, most: schedule.jitter, interval: interval))
        guard let window = schedule.window, window.contains(moment, in: schedule.zone),
            !window.contains(later, in: schedule.zone)
        else { return later }
        return moment
    }
}
