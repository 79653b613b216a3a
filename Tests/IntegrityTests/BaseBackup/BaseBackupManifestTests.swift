import Backups
import TestSupport
import Testing

@testable import Integrity

@Suite struct BaseBackupManifestTests {
    /// With a right checksum of its own.
    private func manifest(_ body: String) throws -> [UInt8] {
        let text = body + "\n"
        let digest = try SHA256()
        try Array(text.utf8).withUnsafeBytes { try digest.update($0) }
        return Array("\(text)\"Manifest-Checksum\": \"\(try digest.finish())\"}\n".utf8)
    }

    private func read(_ bytes: [UInt8]) throws -> BaseBackupManifest {
        try bytes.withUnsafeBytes { try BaseBackupManifest($0) }
    }

    private func file(_ member: String, from start: String = "0/2000028", to end: String = "1/2000100") -> String {
        """
        { "PostgreSQL-Backup-Manifest-Version": 1,
        "Files": [
        { \(member), "Last-Modified": "2026-11-21 10:00:00 GMT" }
        ],
        "WAL-Ranges": [
        { "Timeline": 1, "Start-LSN": "\(start)", "End-LSN": "\(end)" }
        ],
        """
    }

    @Test func readsWhatTheServerWrites() throws {
        let read = try read(
            manifest(
                file(
                    #""Path": "base/1/12\"\\3\u00e9", "Size": 8192, "Checksum-Algorithm": "CRC32C", "Checksum": "a1b2c3d4""#
                )))
        #expect(read.files.first?.path == DataPath("base/1/12\"\\3é"))
        #expect(read.files.first?.size == 8192)
        #expect(read.files.first?.checksum == FileChecksum(algorithm: .crc32c, bytes: [0xA1, 0xB2, 0xC3, 0xD4]))
        #expect(read.walRanges == [.init(timeline: 1, start: 0x200_0028, end: 0x1_0200_0100)])
        let encoded = try self.read(manifest(file(#""Encoded-Path": "62ff", "Size": 0"#)))
        #expect(encoded.files.first?.path == DataPath(bytes: [0x62, 0xFF]))
    }

    /// The check value of CRC-32C (RFC 3720, appendix B.4, and the catalogue of CRCs), in the order of the manifest.
    @Test func checksumOfNineDigits() throws {
        var checksumming = try FileChecksumming(.crc32c)
        try Array("12345".utf8).withUnsafeBytes { try checksumming.update($0) }
        try Array("6789".utf8).withUnsafeBytes { try checksumming.update($0) }
        #expect(try checksumming.finish().bytes == [0x83, 0x92, 0x06, 0xE3])
    }

    static let flaws: [(String, String)] = [
        ("leads out", #""Path": "../x", "Size": 1"#), ("absolute", #""Path": "/etc/passwd", "Size": 1"#),
        ("no path", #""Size": 1"#), ("no size", #""Path": "x""#), ("negative", #""Path": "x", "Size": -1"#),
        ("huge", #""Path": "x", "Size": 99999999999999999999"#),
        ("unknown algorithm", #""Path": "x", "Size": 1, "Checksum-Algorithm": "MD5", "Checksum": "00""#),
        ("short checksum", #""Path": "x", "Size": 1, "Checksum-Algorithm": "SHA256", "Checksum": "00""#),
        ("unknown member", #""Path": "x", "Size": 1, "Owner": "me""#), ("no string", #""Path": 1, "Size": 1"#),
    ]

    @Test(arguments: flaws)
    func whatNoServerWritesIsDamage(flaw: (String, String)) throws {
        let bytes = try manifest(file(flaw.1))
        #expect(throws: ContentDamage.self, "\(flaw.0)") { try read(bytes) }
    }

    /// Positions that no server comes to must not be reckoned with.
    @Test(arguments: [
        ("0/2000028", "0/2000028", true), ("0/0", "1000/0", true), ("FFFFFFFF/00000000", "FFFFFFFF/BFFFFFFF", true),
        ("FFFFFFFF/FFFFFFF0", "FFFFFFFF/FFFFFFFF", false), ("0/0", "FFFFFFFF/FFFFFFFF", false),
        ("0/0", "1000/1", false), ("FFFFFFFF/00000000", "FFFFFFFF/C0000000", false), ("1/0", "0/FFFFFFFF", false),
    ])
    func rangesOfTheLogAreThoseOfAServer(start: String, end: String, isOne: Bool) throws {
        let bytes = try manifest(file(#""Path": "x", "Size": 1"#, from: start, to: end))
        guard !isOne else {
            #expect(try read(bytes).walRanges.count == 1)
            return
        }
        let damage = #expect(throws: ContentDamage.self) { try read(bytes) }
        #expect(damage?.reason == .corrupt)
    }

    @Test func aListedTwiceFileIsDamage() throws {
        let file = BaseBackupManifest.File(path: DataPath("x"), size: 1, checksum: nil)
        let manifest = BaseBackupManifest(systemIdentifier: nil, files: [file, file], walRanges: [])
        #expect(throws: ContentDamage.self) { try BaseBackupLedger(manifest) }
    }

    /// Whatever the bytes are, there is an answer; and no change goes unnoticed.
    @Test func anyChangeIsNoticed() throws {
        let whole = try manifest(
            file(#""Path": "base/1/1", "Size": 8192, "Checksum-Algorithm": "CRC32C", "Checksum": "a1b2c3d4""#))
        _ = try read(whole)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let damage: Damage =
                Bool.random(using: &generator)
                ? .flipBit(UInt64.random(in: 0..<UInt64(whole.count) * 8, using: &generator))
                : .cut(at: Int.random(in: 0..<whole.count, using: &generator))
            let damaged = damage.applied(to: whole)
            // The checksum's own letters may be upper case.
            guard
                String(decoding: damaged, as: UTF8.self).lowercased()
                    != String(decoding: whole, as: UTF8.self).lowercased()
            else { continue }
            #expect(throws: ContentDamage.self, "\(damage)") { try read(damaged) }
        }
    }
}
