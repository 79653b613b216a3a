import Backups
import Glibc
import History

// history-fixture DIRECTORY DATABASES DAYS: what a daemon of so many databases has behind it after so many days, written
// by the history's own code into DIRECTORY/history.sqlite, with the backups in DIRECTORY/backups: a backup, a verification
// with its checks and tables, and hourly samples of production, each day and database. Ends at the coming midnight (UTC).
let arguments = CommandLine.arguments
guard arguments.count == 4, let databases = Int(arguments[2]), let days = Int(arguments[3]) else { exit(64) }

struct Week {
    let directory: String
    let end: Timestamp
    let history: SQLiteHistory
    static let tables = 20

    func backup(_ database: String, _ number: Int, day: Int) throws -> CatalogBackup {
        let moment = Timestamp(seconds: end.seconds - Int64(day) * 86_400 + Int64(number % 3600))
        let digits = moment.description.filter(\.isNumber)
        let path = "\(directory)/backups/\(database)-\(digits.prefix(8))-\(digits.suffix(6)).sql"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Obstacle(.unreadable, "\(path) can't be made") }
        defer { close(file) }
        // Sparse: its size is that of a backup, and it takes no room.
        let size = 50_000_000 + (number * 7919 + day * 104_729) % 1_000_000
        ftruncate(file, size)
        var times = [timespec(), timespec()]
        for index in times.indices { times[index].tv_sec = Int(moment.seconds) + 300 }
        futimens(file, times)
        return CatalogBackup(
            identity: BackupIdentity(
                path: path, sizeBytes: UInt64(size), modified: Timestamp(seconds: moment.seconds + 300)),
            completedAt: Timestamp(seconds: moment.seconds + 300), dataAsOf: moment)
    }

    func report(_ database: String, _ backup: CatalogBackup, at moment: Timestamp) -> VerificationReport {
        let checks: [Check] = [
            .verified("gzip", in: .integrity, "1 member"), .verified("trailer", in: .integrity, "the dump is whole"),
            .verified("content", in: .integrity, "20 tables with 20000 rows"),
            .verified("restore", in: .restore, "214 statements ran as written"),
            .verified("rows", in: .rows, "20 tables came back with all of their rows"),
            .verified("freshness:public.orders", in: .freshness, "3 minutes before the backup"),
        ]
        var evidence = Evidence(planned: [.integrity, .restore, .rows])
        evidence.checks = checks
        evidence.isRestored = true
        evidence.formatHasChecksum = true
        return VerificationReport(
            database: database,
            backup: BackupFacts(
                location: "\(directory)/backups", name: backup.identity.name, sizeBytes: backup.identity.sizeBytes,
                time: DataTime(
                    manifest: nil, dumpStart: nil, named: backup.dataAsOf, completedAt: backup.completedAt)),
            conclusion: evidence.conclude(),
            stages: [
                StageTiming(.integrity, seconds: 1.5), StageTiming(.restore, seconds: 20),
                StageTiming(.rows, seconds: 2),
            ], checks: checks,
            tables: (0..<Self.tables).map { table in
                TableResult(
                    name: TableName(schema: "public", name: "table_\(table)"), dumpRows: 1000, restoredRows: 1000,
                    referenceRows: nil, proof: .itself)
            }, restore: RestoreFacts(seconds: 20, profile: .fast, bytes: 200_000_000), startedAt: moment,
            finishedAt: Timestamp(seconds: moment.seconds + 25))
    }

    func sample(at moment: Timestamp, hour: Int) -> ProductionSample {
        ProductionSample(
            takenAt: moment, epoch: "7300000000000000000 1793491200",
            tables: (0..<Self.tables).map { table in
                TableCounters(
                    schema: "public", name: "table_\(table)", oid: UInt32(16_384 + table),
                    relfilenode: UInt32(16_384 + table), inserted: UInt64(1000 + hour * table), updated: UInt64(hour),
                    deleted: 0, liveRows: UInt64(1000 + hour * table))
            })
    }

    func write(_ number: Int, days: Int) throws {
        let digits = String(number)
        let database = "db" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        _ = try history.monitoredSince(database, now: Timestamp(seconds: end.seconds - Int64(days) * 86_400))
        var backups: [CatalogBackup] = []
        for day in (1...days).reversed() {
            backups.append(try backup(database, number, day: day))
            let verified = Timestamp(seconds: end.seconds - Int64(day) * 86_400 + 7200)
            try history.noteBackups(database, backups, at: verified)
            let run = try history.begin(database, backup: backups[backups.count - 1].identity, at: verified)
            try history.finish(run, report(database, backups[backups.count - 1], at: verified))
            for hour in 0..<24 {
                let moment = Timestamp(seconds: end.seconds - Int64(day) * 86_400 + Int64(hour) * 3600)
                try history.note(sample(at: moment, hour: (days - day) * 24 + hour), of: database)
            }
        }
    }
}

do {
    mkdir("\(arguments[1])/backups", 0o755)
    let now = Timestamp.now()
    let history = try SQLiteHistory.open(path: "\(arguments[1])/history.sqlite", now: now).0
    // Last night's backups, and those of the nights before.
    let midnight = Timestamp(seconds: now.seconds / 86_400 * 86_400 + 86_400)
    let week = Week(directory: arguments[1], end: midnight, history: history)
    for number in 0..<databases { try week.write(number, days: days) }
    try history.close()
} catch {
    print("history-fixture: \(error)")
    exit(70)
}
