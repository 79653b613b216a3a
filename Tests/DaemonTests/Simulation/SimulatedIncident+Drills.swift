/// What keeps drills from proving that one can go back to a point in time.
extension SimulatedIncident {
    static let ofDrills: [SimulatedIncident] = [
        SimulatedIncident(
            name: "drills can't be made, then none comes while a verification hangs, then they are slow",
            actions: [
                hours(3) + 10: { $0.runs.change { $0.canRecover = false } },
                hours(6) + 10: { $0.runs.change { $0.canRecover = true } },
                hours(12): { $0.runs.change { $0.minutes = 100_000 } },
                hours(15): { day in
                    day.runs.change { $0.minutes = 4 }
                    day.runs.release()
                },
                hours(18) + 10: { $0.runs.change { $0.recoverySeconds = 4000 } },
                hours(19) + 10: { $0.runs.change { $0.recoverySeconds = 42 } },
            ],
            expected: SimulatedDay.Expected(
                firing: [
                    (hours(3), []), (hours(4) + 20, []), (hours(5), ["RecoveryDrillInconclusive shop"]),
                    (hours(7), []), (hours(13) + 50, []), (hours(14.5), ["RecoveryDrillStale shop"]),
                    (hours(17), []), (hours(18) + 25, []), (hours(19), ["RecoveryDrillTooSlow shop"]),
                    (hours(20), []),
                ],
                ever: ["RecoveryDrillInconclusive shop", "RecoveryDrillStale shop", "RecoveryDrillTooSlow shop"]),
            shop: SimulatedDay.Shop(drill: "{ schedule: '*/30 * * * *', every: 30m, to: random }"))
    ]
}
