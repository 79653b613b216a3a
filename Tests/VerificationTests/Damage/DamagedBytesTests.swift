import Backups
import TestSupport
import Testing

/// Every line under "Bytes": first the intact backup, then its damage, each with its verdict and reason.
@Suite struct DamagedBytesTests {
    @Test func intactBackupsAreVerified() throws {
        let lab = try DamageLab.shared()
        for path in [lab.plain, lab.gzip, lab.custom, lab.customRaw, lab.tar, lab.folder] {
            let report = DamageLab.verify(path)
            #expect(report.conclusion.verdict == .verified, "\(path): \(report.conclusion.message)")
            #expect(report.tables.first { $0.name.name == "items" }?.dumpRows == 300)
        }
        #expect(DamageLab.verify(lab.gzip).conclusion.content == .proved)
        for path in [lab.plain, lab.customRaw, lab.tar] {
            #expect(DamageLab.verify(path).conclusion.content == .unproved, "\(path)")
        }
    }

    struct Expected: Sendable, CustomStringConvertible {
        let description: String
        let damage: Damage
        let reasons: Set<Reason>

        init(_ description: String, _ damage: Damage, _ reasons: Reason...) {
            self.description = description
            self.damage = damage
            self.reasons = Set(reasons)
        }
    }

    static let ofAnyFile = [
        Expected("zero bytes", .empty, .emptyFile),
        Expected("gzip of nothing", .gzipOfNothing, .emptyFile),
        Expected("an HTML error page", .htmlPage, .notABackup),
        Expected("an XML error", .xmlError, .notABackup),
        Expected("only zeros", .replace([UInt8](repeating: 0, count: 5000)), .notABackup, .corrupt),
    ]

    @Test(arguments: ofAnyFile)
    func whatIsNoBackupFails(expected: Expected) throws {
        let lab = try DamageLab.shared()
        for path in [lab.plain, lab.gzip, lab.custom, lab.tar] {
            try expect(try DamageLab.verify(path, expected.damage), expected)
        }
    }

    static let ofGzip = [
        Expected("last byte missing", .cutEnd(1), .truncated),
        Expected("trailer missing", .cutEnd(8), .truncated),
        Expected("half missing", .cutEnd(4000), .truncated),
        Expected("a line of text after the last member", .append(Array("done\n".utf8)), .trailingBytes),
        Expected("another file's half header after it", .append([0x1F, 0x8B, 8, 0]), .truncated, .trailingBytes),
        Expected("standard error in front", .prepend(Damage.standardError), .foreignOutput, .notABackup, .corrupt),
    ]

    @Test(arguments: ofGzip)
    func damagedGzipFails(expected: Expected) throws {
        try expect(try DamageLab.verify(DamageLab.shared().gzip, expected.damage), expected)
    }

    @Test func wrongChecksumAndLengthOfGzipFail() throws {
        let directory = try TemporaryDirectory()
        let bytes = try TestFile.read(DamageLab.shared().gzip)
        for damaged in [GzipTrailer.wrongLength(bytes), GzipTrailer.wrongChecksum(bytes)] {
            try TestFile.write(damaged, to: directory.file("wrong.gz"))
            let report = DamageLab.verify(directory.file("wrong.gz"))
            #expect(report.conclusion.verdict == .failed)
            #expect(report.conclusion.reason == .checksumMismatch)
        }
    }

    @Test func severalMembersAreLegalAndALostOneIsNoticedOrUnproved() throws {
        let directory = try TemporaryDirectory()
        let members = try CompressedMembers(of: TestFile.read(DamageLab.shared().plain), count: 4)
        func verify(_ bytes: [UInt8]) throws -> VerificationReport {
            try TestFile.write(bytes, to: directory.file("members.gz"))
            return DamageLab.verify(directory.file("members.gz"))
        }
        let whole = try verify(members.bytes)
        #expect(whole.conclusion.verdict == .verified, "\(whole.conclusion.message)")
        #expect(whole.conclusion.content == .unproved)
        for index in members.members.indices {
            let report = try verify(members.dropping(index))
            #expect(report.conclusion.verdict != .verified || report.conclusion.content == .unproved, "member \(index)")
        }
        let withoutLast = try verify(members.dropping(3))
        #expect(withoutLast.conclusion.reason == .truncated)
        #expect(try verify(Array(members.bytes.dropLast(7))).conclusion.reason == .truncated)
    }

    @Test func aDumpWithoutItsEndInValidGzipFails() throws {
        let directory = try TemporaryDirectory()
        let plain = try TestFile.read(DamageLab.shared().plain)
        for part in [1, 2, 3] {
            let path = directory.file("part.sql")
            try TestFile.write(Array(plain.prefix(plain.count * part / 4)), to: path)
            for file in [path, try Compressor.gzip.compress(path)] {
                let report = DamageLab.verify(file)
                #expect(report.conclusion.verdict == .failed)
                #expect(report.conclusion.reason == .truncated, "\(report.conclusion.message)")
            }
        }
    }

    @Test func standardErrorWithinADumpFails() throws {
        let plain = try DamageLab.shared().plain
        let text = try TestFile.text(plain)
        let places = [
            "SET statement_timeout", "CREATE TABLE public.orders", "COPY public.items",
            "-- PostgreSQL database dump complete",
        ]
        for place in places {
            let offset = try #require(text.utf8Offset(of: place))
            let report = try DamageLab.verify(plain, .insert(Damage.standardError, at: offset))
            #expect(report.conclusion.verdict == .failed, "before \(place)")
            #expect(report.conclusion.reason == .foreignOutput, "before \(place): \(report.conclusion.message)")
        }
        let atEnd = try DamageLab.verify(plain, .append(Damage.standardError))
        #expect(atEnd.conclusion.verdict == .failed)
    }

    private func expect(_ report: VerificationReport, _ expected: Expected) throws {
        #expect(report.conclusion.verdict == .failed, "\(expected): \(report.conclusion.message)")
        let reason = try #require(report.conclusion.reason)
        #expect(expected.reasons.contains(reason), "\(expected): \(reason): \(report.conclusion.message)")
    }
}

extension String {
    func utf8Offset(of needle: String) -> Int? {
        ranges(of: needle).first.map { utf8.distance(from: utf8.startIndex, to: $0.lowerBound) }
    }
}
