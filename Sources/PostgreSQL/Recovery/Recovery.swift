package import Backups
import Glibc
import Integrity
import Processes

/// Recovers a data directory that was unpacked into scratch to a target, from a WAL archive.
package struct Recovery {
    /// Which files of an archive a recovery is given, once it is known what they must be.
    package typealias SupplyMaker = (_ files: String, _ control: ControlData) throws -> SegmentHandover.Supply

    package struct Outcome {
        /// Whether the target was reached, or who is to blame.
        package let check: Check
        package let account: RecoveryAccount
        package let control: ControlData
        /// Of the recovered server, where it came to run.
        package let history: TimelineHistory?
        /// Bytes of the write-ahead log that were handed over, and the files.
        package let files: Int
        package let bytes: UInt64
        /// `nil` when there is nothing to ask.
        package let server: ScratchServer?
    }

    private let scratch: PreparedScratch
    private let installation: Installation
    private let target: RecoveryTarget
    private let timeline: UInt32?
    private let archived: ArchivedSegments
    private let grace: Duration

    /// - Parameters:
    ///   - scratch: with the base backup in its data directory.
    ///   - installation: of the major version that the backup is of.
    ///   - timeline: `nil` for the latest.
    ///   - archived: what the archive holds.
    ///   - grace: how long files of the archive may be on their way.
    package init(
        _ scratch: PreparedScratch, installation: Installation, target: RecoveryTarget, timeline: UInt32?,
        archived: ArchivedSegments, grace: Duration
    ) {
        self.scratch = scratch
        self.installation = installation
        self.target = target
        self.timeline = timeline
        self.archived = archived
        self.grace = grace
    }

    /// - Throws: ``Obstacle`` when it could not be tried.
    package func run(makeSupply: SupplyMaker) throws -> Outcome {
        try scratch.keepFromNeighbours(installation)
        let control = try readControl()
        // The server renames it when it begins.
        let label = RestoredFile.text("backup_label", in: scratch.directory.data).flatMap { BackupLabel($0) }
        let cluster = Cluster(control: control, label: label)
        if let check = earliness(label) {
            return Outcome(
                check: check, account: RecoveryAccount(), control: control, history: nil, files: 0, bytes: 0,
                server: nil)
        }
        try RecoveredCluster(data: scratch.directory.data).prepare()
        try scratch.giveAway()
        let handover = try SegmentHandover(
            "\(scratch.directory.path)/wal", data: scratch.directory.data, user: scratch.user
        ) { try makeSupply($0, control) }
        defer { handover.stop() }
        var start = try begin(target, handover, control)
        var isClamped = false
        if case .time = target, case .ended(let account, _) = start, account.isShortOfTarget, handover.failure == nil {
            // No commit after that time is archived. What there is can be recovered all the same.
            isClamped = true
            start = try begin(.latest, handover, control).continuing(account)
        }
        switch start {
        case .ready(let account): return try conclude(account, handover, cluster, isClamped: isClamped)
        case .ended(let account, let obstacle):
            let check = try explain(account, obstacle, handover, cluster)
            return outcome(check, account, control, nil, handover, nil)
        }
    }

    /// What the data directory said of itself before a server ran on it.
    private struct Cluster {
        let control: ControlData
        let label: BackupLabel?
    }

    /// What was committed before the base backup began is in it: PostgreSQL stops at the first commit after a moment that it
    /// comes to, and promotes, whenever that was.
    private func earliness(_ label: BackupLabel?) -> Check? {
        guard case .time(let moment) = target, let began = label?.startedAt, moment < began else { return nil }
        return .inconclusive(
            RecoveryJudgement.name, in: .recovery, .targetNotReached,
            "\(target) lies before the beginning of this base backup, \(began), which holds what was committed until then",
            hint: "Take an older base backup.")
    }

    private func begin(
        _ target: RecoveryTarget, _ handover: SegmentHandover, _ control: ControlData
    ) throws -> PreparedScratch.Start {
        let settings = RecoverySettings(
            target, restoreCommand: handover.command, timeline: timeline, control: control,
            major: installation.major)
        var before = RecoveryAccount()
        while true {
            let start = try scratch.start(
                installation, settings: settings.settings, readable: [handover.directory]
            ).continuing(before)
            // It goes on where it was, once there is a directory for the tablespace that the log makes.
            guard case .ended(let account, _) = start, handover.failure == nil,
                let location = account.missingTablespace,
                try scratch.addTablespace(at: location, for: installation)
            else { return start }
            before = account
        }
    }

    private func conclude(
        _ account: RecoveryAccount, _ handover: SegmentHandover, _ cluster: Cluster, isClamped: Bool
    ) throws -> Outcome {
        // Others may lie beside it: a base backup brings what it likes.
        let history = try account.newTimeline.flatMap { try self.history(of: $0) }
        let judgement = judgement(account, history ?? TimelineHistory(root: 1), cluster, isClamped ? .latest : target)
        var check = try lookingAgain(judgement, handover) { $0.check() }
        if isClamped, check.verdict == .verified { check = judgement.short(of: target, isRecovered: true) }
        let server = try scratch.server(installation)
        try RecoverySuperuser(
            scratch: scratch, installation: installation, settings: RecoverySettings.always(cluster.control)
        ).make(server)
        return outcome(check, account, cluster.control, history, handover, server)
    }

    private func outcome(
        _ check: Check, _ account: RecoveryAccount, _ control: ControlData, _ history: TimelineHistory?,
        _ handover: SegmentHandover, _ server: ScratchServer?
    ) -> Outcome {
        let (files, bytes) = handover.handedOver
        return Outcome(
            check: check, account: account, control: control, history: history, files: files, bytes: bytes,
            server: server)
    }

    private func judgement(
        _ account: RecoveryAccount, _ history: TimelineHistory, _ cluster: Cluster, _ target: RecoveryTarget
    ) -> RecoveryJudgement {
        var judgement = RecoveryJudgement(
            target, account, history: history, archived: archived, size: cluster.control.walSegmentSize,
            isOnNamedTimeline: timeline != nil)
        judgement.labelStart = cluster.label?.start
        judgement.grace = grace
        return judgement
    }

    /// Why a server gave up.
    private func explain(
        _ account: RecoveryAccount, _ obstacle: Obstacle, _ handover: SegmentHandover, _ cluster: Cluster
    ) throws -> Check {
        try scratch.cancellation.check()
        if let damage = handover.failure as? ContentDamage {
            return .failed(
                RecoveryJudgement.name, in: .recovery, damage.reason, "recovery can't go on: \(damage.message)",
                hint:
                    "Nothing behind it can be recovered from this base backup: take a new one now, then look for another copy of "
                    + "the segment.")
        }
        if let failure = handover.failure { throw failure }
        let known = try followedHistory(from: cluster.control.timeline)
        // A checkpoint that ended while the base backup was made lies behind its start.
        let position = account.redoEnd ?? account.redoStart ?? cluster.label?.start ?? cluster.control.redo
        // As if it had been left where the server gave up.
        let history = TimelineHistory(
            timeline: known.timeline == .max ? .max : known.timeline + 1,
            switches: known.switches + [.init(timeline: known.timeline, position: position)])
        return try lookingAgain(judgement(account, history, cluster, target), handover) {
            $0.explain(end: position, obstacle)
        }
    }

    /// A segment that was not there when the archive was listed may have come since, and one that was may have gone: then the log
    /// ends where it was, as at a gap or in the middle of a record.
    private func lookingAgain(
        _ judgement: RecoveryJudgement, _ handover: SegmentHandover, _ judge: (RecoveryJudgement) -> Check
    ) throws -> Check {
        var judgement = judgement
        judgement.late = LateSpan(now: .now(), grace: grace)
        let check = try confirmed(judge(judgement), judgement, handover)
        guard check.verdict == .failed || check.reason == .unexplainedError else { return check }
        do {
            judgement.since = try archived.listedAgain()
        } catch  where check.reason == .corrupt {
            // What the server says of a segment that it was given stands, whatever became of the archive.
            try scratch.cancellation.check()
            return check
        }
        return try confirmed(judge(judgement), judgement, handover)
    }

    /// What makes no sense to the server is the archive's fault only where it lies there so.
    private func confirmed(
        _ check: Check, _ judgement: RecoveryJudgement, _ handover: SegmentHandover
    ) throws -> Check {
        guard check.verdict == .failed, check.reason == .corrupt else { return check }
        do {
            for segment in judgement.doubted { try handover.confirm(segment) }
        } catch let obstacle as Obstacle where obstacle.reason != .vanished {
            try scratch.cancellation.check()
            return .inconclusive(RecoveryJudgement.name, in: .recovery, obstacle)
        } catch {
            try scratch.cancellation.check()
        }
        return check
    }

    /// The history that a server which gave up had followed: of the newest timeline that it comes to by looking for one after the
    /// other, as PostgreSQL does (`findNewestTimeLine` in src/backend/access/transam/timeline.c).
    private func followedHistory(from first: UInt32) throws -> TimelineHistory {
        let data = scratch.directory.data
        let log = RestoredFile.open("pg_wal", in: data, O_RDONLY | O_DIRECTORY)
        guard log >= 0 else { throw DirectoryTree.obstacle("looked at", "\(data)/pg_wal") }
        let there = Set(
            DirectoryTree.names(consuming: log).compactMap { name -> UInt32? in
                guard case .history(let timeline) = WALFileName(name) else { return nil }
                return timeline
            })
        var last = timeline ?? first
        if timeline == nil {
            while last < .max, there.contains(last + 1) || archived.histories.contains(last + 1) { last += 1 }
        }
        let newest = there.filter { $0 <= last }.max()
        return try newest.flatMap { try self.history(of: $0) } ?? TimelineHistory(root: first)
    }

    /// In the server's own directory of the log: it keeps the histories that it follows there, and writes its own.
    private func history(of timeline: UInt32) throws -> TimelineHistory? {
        try RestoredFile.text("pg_wal/\(WALSegmentName.digits(timeline)).history", in: scratch.directory.data).map {
            try TimelineHistory(timeline: timeline, text: $0)
        }
    }

    private func readControl() throws -> ControlData {
        let command = Command(try installation.program("pg_controldata"), ["-D", scratch.directory.data])
        let result = try ChildProcess.run(command, cancellation: scratch.cancellation)
        guard result.isSuccess else {
            throw Obstacle(.serverFailed, "pg_controldata ended with \(result.end): \(result.errorText.trimmed)")
        }
        return try ControlData(result.outputText)
    }
}

extension PreparedScratch.Start {
    /// With what a server before this one told.
    fileprivate func continuing(_ before: RecoveryAccount) -> Self {
        switch self {
        case .ready(let account): .ready(before.continued(by: account))
        case .ended(let account, let obstacle): .ended(before.continued(by: account), obstacle)
        }
    }
}

extension RecoveryAccount {
    /// The archive ended before the target (`PerformWalRecovery` in src/backend/access/transam/xlogrecovery.c).
    var isShortOfTarget: Bool {
        fatal?.hasPrefix("recovery ended before configured recovery target was reached") ?? false
    }
}
