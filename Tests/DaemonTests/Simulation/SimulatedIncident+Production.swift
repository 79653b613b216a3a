import Backups
import Testing

/// What goes wrong with production itself, and with the archive of its log.
extension SimulatedIncident {
    static let ofProduction: [SimulatedIncident] = [
        SimulatedIncident(
            name: "production does not answer for a while",
            actions: [
                hours(6) + 20: { $0.productions["shop"]?.answers = false },
                hours(7) + 2: { $0.productions["shop"]?.answers = true },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6) + 28, []), (hours(6) + 50, ["PostgresUnreachable shop"]), (hours(7.5), []),
                ], ever: ["PostgresUnreachable shop"]), hours: 12),
        SimulatedIncident(
            name: "production restarts",
            actions: [
                hours(6) + 20: { $0.productions["shop"]?.answers = false },
                hours(6) + 25: { $0.productions["shop"]?.answers = true },
            ],
            expected: SimulatedDay.Expected(), hours: 12),
        SimulatedIncident(
            name: "the archiver fails for less than the lag that is allowed",
            actions: [
                hours(6) + 15: { $0.productions["shop"]?.archiver = .fails },
                hours(6) + 45: { $0.productions["shop"]?.archiver = .works },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6) + 30, []), (hours(6) + 44, ["WALArchiverFailing shop"]), (hours(7.5), [])],
                ever: ["WALArchiverFailing shop"]), hours: 12),
        SimulatedIncident(
            name: "the archiver hangs, which counts no failure",
            actions: [
                hours(6) + 15: { $0.productions["shop"]?.archiver = .hangs },
                hours(8): { $0.productions["shop"]?.archiver = .works },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6) + 50, []), (hours(7) + 5, ["WALArchivingLag shop"]), (hours(8.5), [])],
                ever: ["WALArchivingLag shop"]), hours: 12),
        SimulatedIncident(
            name: "what can be recovered stands still while the archiver hangs, and follows when it works again",
            actions: [
                hours(6) + 15: { $0.productions["shop"]?.archiver = .hangs },
                hours(7) + 8: { $0.productions["shop"]?.archiver = .works },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6) + 45, []), (hours(7) + 5, ["WALArchivingLag shop", "RecoveryPointExceeded shop"]),
                    (hours(8), []),
                ], ever: ["WALArchivingLag shop", "RecoveryPointExceeded shop"]), hours: 12,
            shop: SimulatedDay.Shop(rpo: "30m", tellsCommits: true)),
        SimulatedIncident(
            name: "a new server takes over that has never archived anything",
            actions: [
                hours(6) + 15: { day in
                    day.productions["shop"]?.replace()
                    day.productions["shop"]?.archiver = .hangs
                },
                hours(9): { $0.productions["shop"]?.archiver = .works },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6) + 50, []), (hours(7) + 5, ["WALArchivingLag shop"]), (hours(9.5), [])],
                ever: ["WALArchivingLag shop"]), hours: 12),
        SimulatedIncident(
            name: "production's disk fills up at once, and room is made",
            actions: [
                hours(6): { $0.productions["shop"]?.usedGibibytes = 900 },
                hours(8): { $0.productions["shop"]?.usedGibibytes = 500 },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.9), []), (hours(7.5), ["DatabaseDiskFull shop"]), (hours(9.5), [])],
                ever: ["DatabaseDiskFull shop"]), hours: 14),
        SimulatedIncident(
            name: "production's disk would be full within a day, and no longer grows",
            actions: [
                hours(6): { $0.productions["shop"]?.growth = 30 },
                hours(11): { day in
                    day.productions["shop"]?.growth = 0
                    day.productions["shop"]?.usedGibibytes = 510
                },
            ],
            // Two thirds full at that time.
            expected: SimulatedDay.Expected(
                firing: [(hours(7), []), (hours(10.5), ["DatabaseDiskFull shop"]), (hours(12.5), [])],
                ever: ["DatabaseDiskFull shop"]), hours: 14),
    ]

    static let ofArchive: [SimulatedIncident] = [
        SimulatedIncident(
            name: "the WAL archive can't be listed for an hour",
            actions: [hours(6) + 2: { $0.archive.takeAway() }, hours(7) + 2: { $0.archive.putBack() }],
            expected: SimulatedDay.Expected(
                firing: [(hours(6) + 18, []), (hours(6.9), ["WALArchiveUnreachable shop"]), (hours(7.5), [])],
                ever: ["WALArchiveUnreachable shop"]), hours: 12),
        SimulatedIncident(
            name: "the daemon restarts while the WAL archive can't be listed, and knows not how far it goes",
            actions: [
                hours(6) + 2: { $0.archive.takeAway() },
                hours(6) + 10: { $0.killDaemon() }, hours(6) + 13: { try $0.startDaemon() },
                hours(8) + 40: { day in
                    let facts = try #require(day.daemon?.facts(of: "shop"))
                    #expect(facts.awaitsWALArchive && facts.recoverableUntil == nil)
                    // Of the dump alone one would say that more is lost than may be.
                    let newest = try #require(facts.catalog?.newest)
                    #expect(day.clock.now.seconds(since: newest.completedAt) > 26 * 60)
                },
                hours(9) + 2: { $0.archive.putBack() },
                hours(9) + 10: { day in
                    let until = try #require(day.daemon?.facts(of: "shop")?.recoverableUntil)
                    #expect(day.clock.now.seconds(since: until) < 20 * 60)
                },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6) + 27, []), (hours(7), ["WALArchiveUnreachable shop"]),
                    (hours(9), ["WALArchiveUnreachable shop"]), (hours(9.6), []),
                ], ever: ["WALArchiveUnreachable shop"]), hours: 12,
            shop: SimulatedDay.Shop(rpo: "25m", tellsCommits: true)),
        SimulatedIncident(
            name: "the notes of all base backups vanish from the WAL archive, and are found again",
            actions: [hours(2): { try $0.archive.loseNotes() }, hours(4): { try $0.archive.bringBack() }],
            expected: SimulatedDay.Expected(
                firing: [(hours(2) + 55, []), (hours(3.5), ["WALArchiveInconclusive shop"]), (hours(5.5), [])],
                ever: ["WALArchiveInconclusive shop"]), hours: 12),
        SimulatedIncident(
            name: "a segment vanishes from the WAL archive, and is found again",
            actions: [hours(6) + 2: { $0.archive.lose(90) }, hours(8) + 2: { try $0.archive.bringBack() }],
            expected: SimulatedDay.Expected(
                firing: [(hours(6), []), (hours(6) + 8, ["WALArchiveGap shop"]), (hours(8.5), [])],
                ever: ["WALArchiveGap shop"]), hours: 12),
        SimulatedIncident(
            name: "retention removes the older base backup and its segments too early",
            actions: [
                hours(12) + 2: { try $0.archive.expire(before: 132) }, hours(15) + 2: { try $0.archive.bringBack() },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(12.9), []), (hours(13.5), ["RecoveryWindowTooShort shop"]), (hours(16.5), [])],
                ever: ["RecoveryWindowTooShort shop"]), hours: 18),
    ]
}
