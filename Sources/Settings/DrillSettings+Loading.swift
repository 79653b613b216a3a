import Backups
import Scheduling

extension DrillSettings {
    /// - Parameters:
    ///   - verifications: of the same database; what `drill` does not say of its turns comes from there.
    ///   - rpo: what freshness is held against.
    init(_ reader: SectionReader, beside verifications: VerificationSchedule, rpo: Duration?) {
        let every = reader.parsed("every", as: "\(DurationText.expectation), at least 1m") { text in
            DurationText.parse(text).flatMap { $0 >= .seconds(60) ? $0 : nil }
        }
        var schedule = verifications
        schedule.trigger = Self.trigger(reader, every)
        // Of base backups the newest that lies before the target is taken.
        schedule.selection = BackupSelection()
        self.init(schedule: schedule, every: every ?? schedule.interval(backupEvery: nil))
        target =
            reader.checked("to") { text in
                do {
                    return try Target(text)
                } catch let flaw as RecoveryTarget.Flaw {
                    throw ScheduleProblem("\(flaw); or random, a point of the recovery window")
                }
            } ?? target
        // 0, which no timeline is, stands for the latest.
        let named = reader.parsed("timeline", as: "latest or the number of a timeline") { text in
            text == "latest" ? 0 : UInt32(text).flatMap { $0 > 0 ? $0 : nil }
        }
        timeline = named.flatMap { $0 > 0 ? $0 : nil }
        queries = reader.sections("queries").compactMap { QuerySettings($0) }
        freshness = reader.sections("freshness").compactMap { FreshnessSettings($0) }
        if !freshness.isEmpty, rpo == nil {
            reader.problems.add(
                "\(reader.name(of: "freshness")) needs objectives.rpo: how old may the newest value be?",
                at: reader.value("freshness"))
        }
        database = reader.string("database")
        looksForBrokenStructures = reader.parsed("amcheck", as: "true or false") { Bool($0) } ?? true
        deadline = reader.parsed("deadline", as: DurationText.expectation) { DurationText.parse($0) }
        reader.finish()
    }

    private static func trigger(_ reader: SectionReader, _ every: Duration?) -> VerificationSchedule.Trigger {
        let fallback = VerificationSchedule.Trigger.every(every ?? VerificationSchedule.defaultInterval)
        return reader.checked("schedule") { text in
            guard text != "after_each_backup" else {
                throw ScheduleProblem("a drill comes by the clock: write \(CronExpression.expectation)")
            }
            return .cron(try CronExpression(text))
        } ?? fallback
    }

    /// Reads `drill` of a database, where it has one.
    /// - Parameters:
    ///   - section: of the database.
    ///   - discovers: the entry stands for many databases.
    static func read(
        in section: SectionReader, beside verifications: VerificationSchedule, rpo: Duration?, discovers: Bool
    ) -> DrillSettings? {
        guard let reader = section.section("drill") else { return nil }
        let name = section.name(of: "drill")
        if section.value("wal_archive") == nil {
            section.problems.add(
                "\(name) needs wal_archive: a drill recovers from base backups and the archive of the write-ahead log",
                at: section.value("drill"))
        }
        if discovers {
            section.problems.add(
                "\(name): an archive is one cluster's, and {database} stands for many: write an entry with a name of its own",
                at: section.value("drill"))
        }
        return DrillSettings(reader, beside: verifications, rpo: rpo)
    }
}
