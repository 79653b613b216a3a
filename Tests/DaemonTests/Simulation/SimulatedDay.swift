import Backups
import Glibc
import TestSupport
import Testing

/// Three databases, their backups and the daemon, minute by minute; and what the rules of `alerts/` make of it.
///
/// `shop` is dumped each hour and verified after each backup; each dump grows on the disk for seven minutes. `ledger` is
/// dumped at night, and verified by cron in a night in which Berlin's clocks skip the hour of the turn. Nobody writes to `idle`:
/// all its backups are the same. The production servers of `shop` and `idle` are watched, and the WAL archive of `shop`.
final class SimulatedDay {
    typealias Action = @Sendable (SimulatedDay) throws -> Void

    /// What is configured of `shop` beside what always is.
    struct Shop: Sendable {
        var rpo = "3h"
        /// `drill`, as the configuration has it; `nil` for none.
        var drill: String?
        /// The daemon can read when the transactions in the archive were committed.
        var tellsCommits = false
    }

    /// 2026-03-28T12:00:00Z
    static let beginning = Timestamp(seconds: 1_774_699_200)

    let directory: TemporaryDirectory
    let shelf: BackupShelf
    let clock = SimulatedClock(beginning)
    let runs: SimulatedRuns
    /// By database.
    var productions: [String: SimulatedProduction] = [:]
    var archive: SimulatedArchive
    /// The daemon has not looked at the archive since it was started.
    var isArchiveUnseen = true
    private let shop: Shop
    private let history: String?
    private let hasProduction: Bool
    private(set) var daemon: SimulatedDaemon?
    /// The script that makes backups of `shop` runs.
    var makesBackups = true
    /// Bytes of the next backups of `shop`, as a part of what they should have.
    var part = 1.0
    var cutsOff = false
    /// The last hour of which a backup of `shop` shows anything new: those that follow have the same size.
    var lastNewHour: Int?
    /// How far the daemon's clock is off, in minutes.
    var clockError = 0
    /// How far that of whoever makes backups of `shop` is off.
    var writerError = 0
    private(set) var minute = 0
    private var recorded = RecordedSeries(beginning: beginning.seconds)

    /// - Parameters:
    ///   - history: where the history lies, if not with the rest.
    ///   - hasProduction: whether production answers, and has an archive: its samples make the history grow ahead of what else
    ///     is written.
    init(shop: Shop = Shop(), history: String? = nil, hasProduction: Bool = true) throws {
        self.shop = shop
        directory = try TemporaryDirectory()
        shelf = BackupShelf(in: directory)
        runs = SimulatedRuns(clock)
        archive = try SimulatedArchive(in: directory, tellsCommits: shop.tellsCommits)
        (self.history, self.hasProduction) = (history, hasProduction)
        try writeConfiguration()
        if hasProduction { try makeProductionsPast() }
        for hour in -20..<0 { try placeShop(at: hour * 60 + 5) }
        for day in 1...8 {
            try placeNightly(Self.beginning.adding(minutes: -day * 1440 + 13 * 60), number: -day)
        }
        daemon = try start()
        try samplePast()
    }

    private static func configuration(_ shop: Shop, _ location: String, archive: String?) -> String {
        """
        timezone: Europe/Berlin
        concurrent_verifications: 2
        databases:
          - name: shop
            backups: { location: \(location), match: "shop-{time:yyyyMMdd-HHmmss}.sql", minimum_size: 1000B }
            connection: "host=production dbname=shop"
            wal_archive: \(archive.map { "{ location: \($0) }" } ?? "null")
            objectives:
              { backup_every: 1h, rpo: \(shop.rpo), rto: 30m, verify_every: 6h, recovery_window: 6h, wal_lag: 30m }
            schedule: after_each_backup
            drill: \(shop.drill ?? "null")
          - name: ledger
            backups: { location: \(location), match: "ledger-{time:yyyyMMdd-HHmmss}.sql" }
            objectives: { backup_every: 24h, rpo: 30h, rto: 30m, verify_every: 24h }
            schedule: "30 2 * * *"
            select: { latest: true, random_older: 1 }
          - name: idle
            backups: { location: \(location), match: "idle-{time:yyyyMMdd-HHmmss}.sql" }
            connection: "host=production dbname=idle"
            objectives: { backup_every: 24h, rpo: 30h, verify_every: 24h, wal_lag: 30m }
        """
    }

    func writeConfiguration() throws {
        try write(configuration: Self.configuration(shop, shelf.path, archive: hasProduction ? archive.location : nil))
    }

    func write(configuration: String) throws {
        _ = try directory.write(
            "history: \(history ?? directory.file("history.sqlite"))\n" + configuration, to: "restorable.yml")
    }

    /// Moves on to the end of `hours` since the beginning.
    /// - Parameter incidents: what happens, by the minute.
    func run(hours: Int, _ incidents: [Int: Action] = [:]) throws {
        while minute < hours * 60 {
            clock.set(Self.beginning.adding(minutes: minute + clockError))
            try makeBackups()
            try incidents[minute]?(self)
            clock.set(Self.beginning.adding(minutes: minute + clockError))
            runs.advance()
            try moveProduction()
            try watchProduction()
            daemon?.proceed()
            try recorded.record(daemon?.scrape())
            minute += 1
        }
    }

    // MARK: The daemon

    private func start() throws -> SimulatedDaemon {
        try SimulatedDaemon(configuration: directory.file("restorable.yml"), clock: clock, runs: runs)
    }

    /// As `kill -9`.
    func killDaemon() {
        runs.kill()
        daemon = nil
        archive.forget()
        isArchiveUnseen = true
        for name in productions.keys { productions[name]?.forget() }
    }

    func startDaemon() throws { daemon = try start() }

    // MARK: Backups

    private func makeBackups() throws {
        let (hour, past) = (minute / 60, minute % 60)
        if makesBackups, (5...12).contains(past) {
            // It grows until it is whole.
            try placeShop(at: hour * 60 + 5, written: minute, isDone: past == 12)
            shelf.remove("shop", data: Self.beginning.adding(minutes: (hour - 20) * 60 + 5 + writerError))
        }
        if minute == 13 * 60 { try placeNightly(Self.beginning.adding(minutes: minute), number: 0) }
    }

    /// - Parameters:
    ///   - data: the moment it shows, in minutes since the beginning.
    ///   - written: when it was written to last; seven minutes later when not said.
    private func placeShop(at data: Int, written: Int? = nil, isDone: Bool = true) throws {
        // No two have the same size.
        let hour = min(data / 60, lastNewHour ?? .max)
        let whole = 20_000 + hour * 100 + (hour * 37) % 50
        let seen = isDone ? Double(whole) * part : Double(whole) * part * Double((written ?? 0) % 60 - 4) / 8
        try shelf.place(
            "shop", data: Self.beginning.adding(minutes: data + writerError),
            written: Self.beginning.adding(minutes: (written ?? data + 7) + writerError), bytes: Int(seen),
            isWhole: isDone && !cutsOff)
    }

    private func placeNightly(_ moment: Timestamp, number: Int) throws {
        let written = moment.adding(minutes: 0)
        try shelf.place("ledger", data: moment, written: written, bytes: 50_000 + number * 31)
        try shelf.place("idle", data: moment, written: written, bytes: 4000)
    }

    // MARK: Alerts

    /// Alerts as `Name database`, or `Name` where they are about none.
    struct Expected {
        var firing: [(minute: Int, alerts: Set<String>)] = []
        /// All that fired at any time.
        var ever: Set<String> = []
    }

    /// Asks promtool what the rules, as they are shipped, make of what was scraped.
    /// - Returns: what it says when that is not what is expected.
    func check(_ expected: Expected) throws -> String? {
        let rules = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var text =
            "rule_files: [/\(rules)/alerts/restorable.rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n"
        text += "    input_series:\n\(recorded.yaml)    promql_expr_test:\n"
        let firing = #"ALERTS{alertstate="firing",alertname!="Watchdog"}"#
        let ever = "group by (alertname, database) (count_over_time(\(firing)[2d]))"
        text += Self.question(ever, at: minute, expected.ever)
        for (minute, alerts) in expected.firing {
            text += Self.question("group by (alertname, database) (\(firing))", at: minute, alerts)
        }
        let file = try directory.write(text, to: "day.test.yml")
        let result = try Tool.attempt(MonitoringProgram.path("promtool"), ["test", "rules", file])
        return result.status == 0 ? nil : result.outputText + result.errorText
    }

    func expect(_ expected: Expected) throws {
        if let complaint = try check(expected) { Issue.record("\(complaint)") }
    }

    private static func question(_ expression: String, at minute: Int, _ alerts: Set<String>) -> String {
        let samples = alerts.sorted().map { alert in
            let words = alert.split(separator: " ")
            let database = words.count > 1 ? #", database="\#(words[1])""# : ""
            return #"          - { labels: '{alertname="\#(words[0])"\#(database)}', value: 1 }"# + "\n"
        }
        return """
                  - expr: '\(expression)'
                    eval_time: \(minute)m
                    exp_samples:\(samples.isEmpty ? " []" : "")
            \(samples.joined())
            """
    }
}
