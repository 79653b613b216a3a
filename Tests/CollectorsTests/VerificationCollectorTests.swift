import Backups
import Testing

@testable import Collectors

@Suite struct VerificationCollectorTests {
    @Test(arguments: [
        (Verdict.verified, "verified"), (.failed, "failed"), (.inconclusive, "inconclusive"), (nil, "never"),
    ])
    func exactlyOneStatusIsTrue(verdict: Verdict?, status: String) {
        var database = SampleFleet.new
        database.verification.status = verdict
        var expected = ["verified": 0.0, "failed": 0, "inconclusive": 0, "never": 0]
        expected[status] = 1
        #expect(Page(database)["backup_verification_status"] == expected)
    }

    @Test(arguments: [(Proof.none, "none"), (.itself, "self"), (.bounds, "bounds"), (.manifest, "manifest")])
    func exactlyOneProofIsTrue(proof: Proof, label: String) {
        var database = SampleFleet.new
        database.verification.proof = proof
        var expected = ["none": 0.0, "self": 0, "bounds": 0, "manifest": 0]
        expected[label] = 1
        #expect(Page(database)["backup_verification_proof"] == expected)
    }

    @Test func runsAreCountedForEveryVerdict() {
        let zero = ["verified": 0.0, "failed": 0, "inconclusive": 0]
        #expect(Page(SampleFleet.new)["backup_verification_runs_total"] == zero)
        #expect(
            Page(SampleFleet.shop)["backup_verification_runs_total"]
                == ["verified": 12, "failed": 1, "inconclusive": 0])
    }

    @Test func checksAndStagesAreThoseThatWereMade() {
        let page = Page(SampleFleet.shop)
        #expect(page["backup_check_success"] == ["rows": 1, "gzip": 1, "freshness": 0])
        #expect(
            page["backup_verification_stage_duration_seconds"]
                == ["fetch": 0, "integrity": 3.25, "restore": 42, "rows": 1.5])
    }

    @Test func whatWasNotComparedDoesNotDifferByNothing() {
        var database = SampleFleet.shop
        #expect(Page(database)["backup_mismatched_tables"] == ["": 0])
        database.verification.mismatchedTables = nil
        #expect(Page(database)["backup_mismatched_tables"] == [:])
    }

    @Test func whatWasRestoredIsShownAsFarAsItIsKnown() {
        var database = SampleFleet.shop
        database.verification.restored = RestoredFacts(seconds: 7)
        let page = Page(database)
        #expect(page["backup_restore_duration_seconds"] == ["": 7])
        #expect(
            page.names.isDisjoint(with: ["backup_restored_bytes", "backup_restored_rows", "backup_restored_tables"]))
    }

    @Test func timesAreToTheMicrosecond() {
        #expect(
            Page(SampleFleet.shop)["backup_verification_last_run_timestamp_seconds"] == ["": 1_794_900_000.25])
    }
}
