import Backups
import TestSupport
import Testing
import Verification

/// `pg_dumpall` repeats the trailer for each database, and ends with its own: each of them has to be there.
@Suite struct DamagedClusterTests {
    private func cluster() throws -> String { try TestFile.text(DamageLab.shared().cluster) }

    private func verify(_ text: String) throws -> VerificationReport {
        let directory = try TemporaryDirectory()
        return DamageLab.verify(try directory.write(text, to: "all.sql"))
    }

    @Test func theIntactClusterIsVerified() throws {
        let report = try verify(try cluster())
        #expect(report.conclusion.verdict == .verified, "\(report.conclusion.message)")
        #expect(report.backup.format == .plainAll)
        #expect(report.tables.count { $0.name.name == "orders" && $0.dumpRows == 10 } == 2)
    }

    @Test func aClusterCutAfterTheTrailerOfADatabaseFails() throws {
        let text = try cluster()
        let trailer = "-- PostgreSQL database dump complete"
        let ends = text.ranges(of: trailer).map(\.upperBound)
        #expect(ends.count >= 3)
        for end in ends {
            let report = try verify(String(text[..<end]) + "\n--\n\n")
            #expect(report.conclusion.verdict == .failed, "\(report.conclusion.message)")
            #expect(report.conclusion.reason == .truncated)
        }
    }

    @Test func aClusterWhoseDatabaseLostItsTrailerFails() throws {
        let text = try cluster()
        let trailer = "-- PostgreSQL database dump complete"
        for range in text.ranges(of: trailer) {
            let report = try verify(text.removing(range))
            #expect(report.conclusion.verdict == .failed, "\(report.conclusion.message)")
        }
    }

    @Test func aBackupSmallerThanItMustBeFails() throws {
        let lab = try DamageLab.shared()
        let size = UInt64(try TestFile.size(lab.gzip))
        #expect(DamageLab.verify(lab.gzip) { $0.minimumSize = size }.conclusion.verdict == .verified)
        let report = DamageLab.verify(lab.gzip) { $0.minimumSize = size + 1 }
        #expect(report.conclusion.verdict == .failed)
        #expect(report.conclusion.reason == .tooSmall)
    }
}

extension String {
    /// The text without `range`.
    fileprivate func removing(_ range: Range<String.Index>) -> String {
        String(self[..<range.lowerBound]) + String(self[range.upperBound...])
    }
}
