import Backups
import Processes
import Settings
import TestSupport

@testable import Daemon

/// The production servers of `shop`, which is busy, and of `idle`, which nobody writes to; and the archive of the former's log.
extension SimulatedDay {
    /// Minutes between two samples of counters, and two looks at the archive.
    private static let interval = 5
    /// The segment that the base backup of the evening before lies in; it was begun so many minutes before the beginning.
    static let (firstBase, firstBaseAge) = (UInt64(61), 39 * 20)
    /// The base backup of this day.
    static let secondBaseMinute = 11 * 60

    /// What there was before the daemon was started for the first time.
    func makeProductionsPast() throws {
        var shop = try SimulatedProduction(of: "shop", isBusy: true)
        for number in Self.firstBase..<shop.current {
            let age = Int(shop.current - 1 - number) * Int(SimulatedProduction.minutesPerSegment)
            let moment = Self.beginning.adding(minutes: -age)
            try archive.store(number, committed: moment, at: moment)
        }
        try archive.noteBase(in: Self.firstBase, at: Self.beginning.adding(minutes: -Self.firstBaseAge + 1))
        shop.rest(since: Self.beginning)
        var idle = try SimulatedProduction(of: "idle", isBusy: false)
        idle.rest(since: Self.beginning.adding(minutes: -3 * 1440))
        idle.growth = 0
        productions = ["shop": shop, "idle": idle]
    }

    /// An earlier daemon sampled them.
    func samplePast() throws {
        guard let history = daemon?.conductor.history.store else { return }
        for hour in -26..<0 {
            for (name, production) in productions {
                try history.note(production.sample(at: Self.beginning.adding(minutes: hour * 60)), of: name)
            }
        }
    }

    /// One minute of production passes, whatever clock the daemon goes by.
    func moveProduction() throws {
        let moment = Self.beginning.adding(minutes: minute)
        for name in productions.keys {
            try productions[name]?.advance(to: moment, name == "shop" ? archive : nil)
        }
        guard minute == Self.secondBaseMinute, let shop = productions["shop"] else { return }
        try archive.noteBase(in: shop.current - 1, at: moment)
    }

    /// What the daemon's watches over production and archive tell it.
    func watchProduction() throws {
        guard let conductor = daemon?.conductor else { return }
        let moment = Self.beginning.adding(minutes: minute)
        var sampled: [String] = []
        for settings in conductor.configuration.databases {
            guard let connection = settings.connection else { continue }
            let name = settings.name
            guard let facts = productions[name]?.look(at: clock.now, serverTime: moment) else { continue }
            conductor.events.append(.asked(ProductionLook(database: name, connection: connection, facts: facts)))
            guard minute % Self.interval == 0, let production = productions[name], production.answers else { continue }
            let isNoted: Void? = conductor.history.write("a sample of production") {
                try conductor.history.store.note(production.sample(at: moment), of: name)
            }
            if isNoted != nil { sampled.append(name) }
        }
        if !sampled.isEmpty { conductor.events.append(.sampled(sampled)) }
        guard minute % Self.interval == 0 || isArchiveUnseen else { return }
        for case let settings? in conductor.configuration.databases.map(\.walArchive) {
            let facts = archive.look(grace: settings.grace, at: clock.now)
            conductor.events.append(.archived(ArchiveLook(settings: settings, facts: facts, seconds: 0.01)))
        }
        isArchiveUnseen = false
    }
}
