import Backups
import Logging
import PostgreSQL
import Processes
import Scheduling
import Settings
import Web

extension Conductor {
    /// Starts what is due.
    func startTurns() {
        let now = clock()
        for name in scheduler.ready(at: now) { scheduler.setRoom(lack: lackOfRoom(for: name), of: name) }
        for action in scheduler.actions(at: now) {
            switch action {
            case .start(let name, let backups): start(name, backups)
            case .drill(let name): startDrill(name)
            }
        }
        for (name, state) in databases {
            noteHindrance(of: name, .verification, \.hindrance)
            if state.settings.drill != nil { noteHindrance(of: name, .drill, \.drillHindrance) }
        }
    }

    /// What keeps a turn from beginning is shown, and logged when it is another than before.
    private func noteHindrance(
        of name: String, _ kind: RunKind, _ known: WritableKeyPath<DatabaseState, Hindrance?>
    ) {
        let hindrance = scheduler.hindrance(of: name, kind)
        guard let state = databases[name], state[keyPath: known] != hindrance else { return }
        let former = state[keyPath: known]
        databases[name]?[keyPath: known] = hindrance
        isDirty = true
        guard let hindrance, hindrance.code != former?.code else { return }
        let line = "\(name): a \(kind == .drill ? "drill" : "verification") is due and waits: \(hindrance)"
        switch hindrance {
        case .noRoom: log.warning("\(line)")
        // Each start begins with that.
        case .catalogUnknown, .archiveUnknown: break
        case .suspended, .locationDown, .noBackup, .window, .cap, .otherTurn, .archiveDown: log.info("\(line)")
        }
    }

    private func start(_ name: String, _ identities: [BackupIdentity]) {
        guard let state = databases[name] else { return }
        let known = Dictionary(
            (state.catalog?.backups ?? []).map { ($0.identity, $0) }, uniquingKeysWith: { _, last in last })
        let cancellation = Cancellation()
        databases[name]?.running = cancellation
        isDirty = true
        log.info("\(name): verifying \(identities.map(\.name).joined(separator: ", "))")
        performer.start(
            VerificationTurn(
                database: state.settings, scratch: configuration.scratch, backups: identities.compactMap { known[$0] },
                history: history, events: events, cancellation: cancellation, verify: performer.verify, clock: clock,
                log: log))
    }

    /// The least that a restore needs; the verification itself looks again, once it knows how much the backup holds.
    /// - Returns: `nil` when it is there.
    private func lackOfRoom(for name: String) -> String? {
        let directory = configuration.scratch.directory ?? ScratchConfiguration.defaultDirectory
        guard let needed = databases[name]?.catalog?.newest?.identity.sizeBytes,
            let free = room(in: directory), free < needed
        else { return nil }
        return "only \(Quantity.bytes(free)) are free in \(directory) for a backup of \(Quantity.bytes(needed))"
    }

    /// Bytes; `nil` where that can't be found out, or not soon: who runs all the rest must not wait for a dead mount.
    private func room(in directory: String) -> UInt64? {
        let question: PatientCall<UInt64?, Never>
        if let known = scratchRoom, known.directory == directory {
            question = known.question
        } else {
            question = PatientCall(named: "scratch room") { DiskSpace.free(at: directory) }
            scratchRoom = (directory, question)
        }
        return question.answer(within: .seconds(5)) ?? nil
    }

    func note(_ end: VerificationEnd) {
        history.finish(end.run, end.database, end.backup, end.report)
        let conclusion = end.report.conclusion
        let what = end.report.drill.map { "the drill to \($0.target) from \(end.backup.name)" } ?? end.backup.name
        let line = "\(end.database): \(what) is \(conclusion.verdict.rawValue): \(conclusion.message)"
        switch conclusion.verdict {
        case .verified: log.info("\(line)")
        case .failed: log.error("\(line)")
        case .inconclusive: log.warning("\(line)")
        }
        databases[end.database]?.unread.append(
            HistoryKeeper.Unwritten(run: end.run, database: end.database, backup: end.backup, report: end.report))
        readHistory(of: end.database)
    }

    func endTurn(_ name: String, _ outcomes: [RunOutcome]) {
        scheduler.finished(name, outcomes, at: clock())
        leftovers[name] = nil
        databases[name]?.running = nil
        databases[name]?.isDrilling = false
        isDirty = true
    }

    /// Somebody asks for a turn of `name` now. One waits for the end of what runs of the other kind, as a turn that is due does.
    func request(_ kind: RunKind, of name: String) -> TurnAnswer {
        guard let state = databases[name] else { return .unknownDatabase }
        guard ending == nil else { return .refused("the daemon is ending") }
        guard kind == .verification || state.settings.drill != nil else {
            return .refused("no drill is configured for it")
        }
        let running = scheduler.running(name)
        guard running != kind else { return .alreadyUnderWay }
        scheduler.request(name, kind, at: clock())
        isDirty = true
        return running.map { .acceptedAfter($0) } ?? .accepted
    }
}
