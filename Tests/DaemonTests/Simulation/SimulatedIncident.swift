import Backups
import Glibc
import Testing

/// Something that goes wrong in a simulated day, and what has to be heard of it.
struct SimulatedIncident: Sendable, CustomTestStringConvertible {
    let name: String
    let actions: [Int: SimulatedDay.Action]
    let expected: SimulatedDay.Expected
    /// How long the day lasts: to its end, where what follows may depend on the fault.
    var hours = 24
    var shop = SimulatedDay.Shop()

    var testDescription: String { name }

    static let all = ofBackups + ofProduction + ofArchive + ofDrills

    static func hours(_ number: Double) -> Int { Int(number * 60) }

    private static let ofBackups: [SimulatedIncident] = [
        SimulatedIncident(
            name: "the backup stops coming, and comes again",
            actions: [hours(6): { $0.makesBackups = false }, hours(12): { $0.makesBackups = true }],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6), []), (hours(8), ["BackupOverdue shop"]),
                    (hours(10), ["BackupOverdue shop", "RecoveryPointExceeded shop"]), (hours(14), []),
                ], ever: ["BackupOverdue shop", "RecoveryPointExceeded shop"])),
        SimulatedIncident(
            name: "one backup is cut off, and lies there until it is removed",
            actions: [
                hours(6): { $0.cutsOff = true }, hours(7): { $0.cutsOff = false },
                hours(9): { $0.shelf.remove("shop", data: SimulatedDay.beginning.adding(minutes: 365)) },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6.1), []), (hours(6.5), ["BackupVerificationFailed shop"]),
                    (hours(8), ["BackupKnownBad shop"]), (hours(10), []),
                ], ever: ["BackupVerificationFailed shop", "BackupKnownBad shop"])),
        SimulatedIncident(
            name: "backups shrink to a half, and are whole all the same",
            actions: [hours(6): { $0.part = 0.5 }, hours(8): { $0.part = 1 }],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.1), []), (hours(7), ["BackupSizeAnomaly shop"]), (hours(10), [])],
                ever: ["BackupSizeAnomaly shop"])),
        SimulatedIncident(
            name: "a backup collapses below the least that was configured",
            actions: [hours(6): { $0.part = 0.01 }, hours(7): { $0.part = 1 }],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.1), []), (hours(6.9), ["BackupTooSmall shop"]), (hours(9), [])],
                ever: ["BackupTooSmall shop"])),
        SimulatedIncident(
            name: "nothing can be verified any more",
            actions: [hours(2): { $0.runs.change { $0.canRestore = false } }],
            expected: SimulatedDay.Expected(
                firing: [(hours(13), []), (hours(16), ["BackupVerificationInconclusive shop"])],
                ever: ["BackupVerificationInconclusive shop"])),
        SimulatedIncident(
            name: "a verification hangs, and with it all that would follow",
            actions: [
                hours(2): { $0.runs.change { $0.minutes = 100_000 } },
                hours(16): { day in
                    day.runs.change { $0.minutes = 4 }
                    day.runs.release()
                },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(14), []), (hours(15), ["BackupVerificationStale shop"]), (hours(18), [])],
                ever: ["BackupVerificationStale shop"])),
        SimulatedIncident(
            name: "the newest rows are old",
            actions: [
                hours(6): { $0.runs.change { $0.isStale = true } },
                hours(7): { $0.runs.change { $0.isStale = false } },
                hours(7.5): { $0.shelf.remove("shop", data: SimulatedDay.beginning.adding(minutes: 365)) },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.1), []), (hours(6.5), ["BackupDataNotFresh shop"]), (hours(9), [])],
                ever: ["BackupDataNotFresh shop", "BackupKnownBad shop"]), hours: 12),
        SimulatedIncident(
            name: "the same is dumped again and again, though production goes on",
            actions: [hours(6): { $0.lastNewHour = 5 }, hours(10): { $0.lastNewHour = nil }],
            expected: SimulatedDay.Expected(
                firing: [(hours(7), []), (hours(8.5), ["BackupNotGrowing shop"]), (hours(11), [])],
                ever: ["BackupNotGrowing shop"]), hours: 12),
        SimulatedIncident(
            name: "rows do not come back",
            actions: [
                hours(6): { $0.runs.change { $0.missingRows = 3 } },
                hours(7): { $0.runs.change { $0.missingRows = 0 } },
                hours(7.5): { $0.shelf.remove("shop", data: SimulatedDay.beginning.adding(minutes: 365)) },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.1), []), (hours(6.5), ["BackupRowsMismatch shop"]), (hours(9), [])],
                ever: ["BackupRowsMismatch shop", "BackupKnownBad shop"])),
        SimulatedIncident(
            name: "a restore takes longer than it may",
            actions: [
                hours(6): { $0.runs.change { $0.restoreSeconds = 3000 } },
                hours(7): { $0.runs.change { $0.restoreSeconds = 42 } },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.1), []), (hours(6.9), ["BackupRestoreTooSlow shop"]), (hours(9), [])],
                ever: ["BackupRestoreTooSlow shop"])),
        SimulatedIncident(
            name: "the location can't be listed for an hour",
            actions: [hours(6.5): { $0.shelf.takeAway() }, hours(7.5) - 28: { $0.shelf.putBack() }],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6.6), []),
                    (
                        hours(7),
                        ["shop", "ledger", "idle"].reduce(into: []) { $0.insert("BackupLocationUnreachable \($1)") }
                    ),
                    (hours(8), []),
                ],
                ever: ["shop", "ledger", "idle"].reduce(into: []) { $0.insert("BackupLocationUnreachable \($1)") })),
        SimulatedIncident(
            name: "all backups of one database vanish",
            actions: [
                hours(6.5): {
                    $0.makesBackups = false; try $0.shelf.removeAll("shop")
                }
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.5), []), (hours(7), ["BackupMissing shop"]), (hours(23), ["BackupMissing shop"])],
                ever: ["BackupMissing shop"])),
        SimulatedIncident(
            name: "the daemon is killed while it verifies, and starts again",
            actions: [
                hours(6) + 14: { day in
                    #expect(day.runs.isRunning)
                    day.killDaemon()
                },
                hours(6) + 17: { day in
                    try day.startDaemon()
                    #expect(day.daemon?.interrupted == 1)
                    #expect(day.daemon?.facts(of: "shop")?.verification.status == .inconclusive)
                },
                hours(6) + 40: { day in
                    // It was tried again.
                    #expect(day.daemon?.facts(of: "shop")?.verification.status == .verified)
                    #expect(day.runs.begun.values.max() == 2)
                },
            ],
            expected: SimulatedDay.Expected()),
        SimulatedIncident(
            name: "the daemon restarts between a failure and its mending: neither forgotten nor repeated",
            actions: [
                hours(6): { $0.cutsOff = true;  },
                hours(6) + 20: { $0.makesBackups = false },
                hours(6) + 30: { $0.killDaemon() }, hours(6) + 33: { try $0.startDaemon() },
                hours(7): { day in
                    #expect(day.daemon?.facts(of: "shop")?.verification.runs[.failed] == 1)
                    day.makesBackups = true
                    day.cutsOff = false
                },
                hours(7) + 20: { $0.shelf.remove("shop", data: SimulatedDay.beginning.adding(minutes: 365)) },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(6) + 29, ["BackupVerificationFailed shop"]),
                    (hours(6) + 32, ["BackupVerificationFailed shop"]),
                    (hours(6) + 50, ["BackupVerificationFailed shop"]), (hours(8), []),
                ], ever: ["BackupVerificationFailed shop"])),
        SimulatedIncident(
            name: "the daemon is down for half an hour",
            actions: [hours(6) + 20: { $0.killDaemon() }, hours(6) + 50: { try $0.startDaemon() }],
            expected: SimulatedDay.Expected(
                firing: [(hours(6) + 22, []), (hours(6) + 40, ["RestorableDown"]), (hours(7), [])],
                ever: ["RestorableDown"])),
        SimulatedIncident(
            name: "a configuration is broken on reload, and mended",
            actions: [
                hours(6): { day in
                    try day.write(configuration: "databases: [{nme: shop}]")
                    day.daemon?.reload()
                },
                hours(7): { day in
                    try day.writeConfiguration()
                    day.daemon?.reload()
                },
            ],
            expected: SimulatedDay.Expected(
                firing: [(hours(6.5), ["RestorableConfigReloadFailed"]), (hours(8), [])],
                ever: ["RestorableConfigReloadFailed"])),
        SimulatedIncident(
            name: "the machine's clock is an hour fast for two hours, and is set right",
            actions: [
                hours(6) + 20: { ($0.clockError, $0.writerError) = (60, 60) },
                hours(8) + 20: { ($0.clockError, $0.writerError) = (0, 0) },
            ],
            expected: SimulatedDay.Expected()),
        SimulatedIncident(
            name: "the daemon's clock is an hour slow for two hours, and is set right",
            actions: [hours(6) + 20: { $0.clockError = -60 }, hours(8) + 20: { $0.clockError = 0 }],
            expected: SimulatedDay.Expected()),
        SimulatedIncident(
            name: "the daemon's clock steps back a day while it verifies, and is set right",
            actions: [
                hours(6) + 14: { day in
                    #expect(day.runs.isRunning)
                    day.clockError = -1440
                },
                hours(6) + 50: { $0.clockError = 0 },
            ],
            expected: SimulatedDay.Expected()),
        SimulatedIncident(
            name: "the daemon's clock steps on by a day while it verifies, and is set right",
            actions: [
                hours(6) + 14: { day in
                    #expect(day.runs.isRunning)
                    day.clockError = 1440
                },
                hours(6) + 50: { $0.clockError = 0 },
            ],
            expected: SimulatedDay.Expected()),
    ]
}
