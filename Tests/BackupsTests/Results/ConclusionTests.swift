import Testing

@testable import Backups

@Suite struct ConclusionTests {
    private static let whole: [Stage] = [.integrity, .restore, .rows]

    private func evidence(_ checks: [Check], until: Stage? = nil) -> Evidence {
        var evidence = Evidence(planned: Self.whole.filter { $0 <= until ?? .amcheck }, until: until)
        evidence.checks = checks
        evidence.formatHasChecksum = true
        evidence.tables = 3
        evidence.rows = 1_204_333
        evidence.isRestored = checks.contains { $0.stage == .restore && $0.verdict == .verified }
        return evidence
    }

    private let bytes = Check.verified("gzip", in: .integrity, "1 member, CRC and length hold")
    private let load = Check.verified("load", in: .restore, "12 statements")
    private let rows = Check.verified("rows", in: .rows, "3 tables")

    @Test func everythingProvedIsVerified() {
        let conclusion = evidence([bytes, load, rows]).conclude()
        #expect(conclusion.verdict == .verified)
        #expect(conclusion.reason == nil)
        #expect(conclusion.proof == .itself)
        #expect(conclusion.provedThrough == .rows)
        #expect(conclusion.content == .proved)
        #expect(conclusion.message == "restored: 3 tables, 1,204,333 rows, as many as the dump holds")
        #expect(conclusion.notes.isEmpty)
    }

    @Test func equalRowsMakeTheProofAManifests() {
        var all = evidence([bytes, load, rows])
        all.equalToManifest = [.integrity, .rows]
        #expect(all.conclude().proof == .manifest)
        all.equalToManifest = [.integrity]
        #expect(all.conclude().proof == .itself)
    }

    @Test func equalBytesAreTheManifestsProofWhenRowsWereNotAsked() {
        var early = evidence([bytes], until: .integrity)
        early.equalToManifest = [.integrity]
        #expect(early.conclude().proof == .manifest)
    }

    @Test func stoppingEarlyIsSaidAndClaimsNoMore() {
        let conclusion = evidence([bytes], until: .integrity).conclude()
        #expect(conclusion.verdict == .verified)
        #expect(conclusion.reason == .stoppedEarly)
        #expect(conclusion.stoppedAfter == .integrity)
        #expect(conclusion.provedThrough == .integrity)
        #expect(conclusion.message.contains("nothing was restored"))
    }

    @Test func aFailureIsNotHiddenByTrouble() {
        let trouble = Check.inconclusive("server", in: .fetch, .serverMissing, "no server")
        let damage = Check.failed("gzip", in: .integrity, .truncated, "the file ends early")
        let conclusion = evidence([trouble, damage]).conclude()
        #expect(conclusion.verdict == .failed)
        #expect(conclusion.reason == .truncated)
        #expect(conclusion.proof == .none)
        #expect(conclusion.provedThrough == nil)
        #expect(conclusion.content == .unproved)
    }

    @Test func troubleIsNeverAFailure() {
        let trouble = Check.inconclusive("server", in: .restore, .serverMissing, "no server", hint: "install one")
        let conclusion = evidence([bytes, trouble]).conclude()
        #expect(conclusion.verdict == .inconclusive)
        #expect(conclusion.reason == .serverMissing)
        #expect(conclusion.hint == "install one")
        #expect(conclusion.provedThrough == .integrity)
        #expect(conclusion.proof == .itself)
    }

    @Test func theFirstStageThatFailedSpeaks() {
        let late = Check.failed("rows", in: .rows, .rowsDiffer, "rows differ")
        let early = Check.failed("load", in: .restore, .dataRejected, "bad data", hint: "look at line 7")
        let conclusion = evidence([bytes, late, early]).conclude()
        #expect(conclusion.reason == .dataRejected)
        #expect(conclusion.message == "bad data (and 1 other check failed)")
        #expect(conclusion.provedThrough == .integrity)
    }

    @Test(arguments: 0..<3) func aStageWithoutACheckProvesNothing(missing: Int) {
        var checks = [bytes, load, rows]
        checks.remove(at: missing)
        let conclusion = evidence(checks).conclude()
        #expect(conclusion.verdict == .inconclusive)
        #expect(conclusion.reason == .internalError)
        #expect((conclusion.provedThrough ?? .fetch) < Self.whole[missing])
    }

    @Test func nothingAtAllProvesNothing() {
        let conclusion = Evidence(planned: []).conclude()
        #expect(conclusion.verdict == .inconclusive)
        #expect(conclusion.proof == .none)
    }

    @Test func aFormatWithoutChecksumLeavesTheContentUnproved() {
        var plain = evidence([bytes, load, rows])
        plain.formatHasChecksum = false
        #expect(plain.conclude().content == .unproved)
        #expect(plain.conclude().notes.count == 1)
        plain.digestMatchesManifest = true
        #expect(plain.conclude().content == .proved)
        #expect(plain.conclude().notes.isEmpty)
    }

    @Test(arguments: [Reason.rowSecurity, .selectionOnly, .empty])
    func whatTheDumpCannotShowKeepsItFromBeingVerified(reason: Reason) {
        let gap = Check.inconclusive("completeness", in: .rows, reason, "not all rows")
        let conclusion = evidence([bytes, load, rows, gap]).conclude()
        #expect(conclusion.verdict == .inconclusive)
        #expect(conclusion.reason == reason)
        #expect(conclusion.provedThrough == .restore)
    }
}
