import Testing

@testable import Backups

@Suite struct ObjectiveResultTests {
    private let restore = RestoreFacts(seconds: 3.4, profile: .fast, bytes: 10)

    @Test func aFastRestoreIsALowerBound() {
        let result = ObjectiveResult.recoveryTime(objective: .seconds(3600), restore: restore, isProved: true)
        #expect(result?.isMet == true)
        #expect(result?.basis == "fast scratch: a lower bound")
        #expect(ObjectiveResult.recoveryTime(objective: .seconds(3), restore: restore, isProved: true)?.isMet == false)
    }

    @Test func nothingIsMetByABackupThatMayNotRestore() {
        let met = ObjectiveResult.recoveryTime(objective: .seconds(3600), restore: restore, isProved: false)
        #expect(met?.isMet == nil)
        let missed = ObjectiveResult.recoveryTime(objective: .seconds(3), restore: restore, isProved: false)
        #expect(missed?.isMet == false)
    }

    @Test func withoutARestoreNothingIsMet() {
        let result = ObjectiveResult.recoveryTime(objective: .seconds(3600), restore: nil, isProved: false)
        #expect(result?.isMet == nil)
        #expect(ObjectiveResult.recoveryTime(objective: nil, restore: nil, isProved: false) == nil)
    }

    @Test func withoutAnObjectiveTheNumberStands() {
        let result = ObjectiveResult.recoveryTime(objective: nil, restore: restore, isProved: true)
        #expect(result?.measuredSeconds == 3.4)
        #expect(result?.isMet == nil)
    }

    @Test func theRecoveryPointStandsOnTheDataTime() {
        let now = Timestamp(seconds: 100_000)
        let known = DataTime(manifest: Timestamp(seconds: 90_000), dumpStart: nil, completedAt: nil)
        let result = ObjectiveResult.recoveryPoint(objective: .seconds(9000), time: known, at: now, isProved: true)
        #expect(result?.measuredSeconds == 10_000)
        #expect(result?.isMet == false)
        #expect(result?.basis == "data_as_of")
        let file = DataTime(manifest: nil, dumpStart: nil, completedAt: Timestamp(seconds: 99_000))
        #expect(
            ObjectiveResult.recoveryPoint(objective: nil, time: file, at: now, isProved: true)?.basis.contains(
                "lower bound") == true)
    }
}
