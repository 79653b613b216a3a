import Backups
import Testing

@testable import Integrity

@Suite struct FormatSnifferTests {
    static let dump = Array(
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET statement_timeout = 0;\n".utf8)

    @Test(arguments: [
        ("--\n-- PostgreSQL database dump\n--\n\nSET x = 0;", Sniffed.dump(.plain, .none)),
        ("--\n-- PostgreSQL database cluster dump\n--\n\nSET x = 0;", .dump(.plainAll, .none)),
        ("\\restrict abc\n--\n-- PostgreSQL database dump\n--\n", .dump(.plain, .none)),
        ("\u{FEFF}\n\n  /* made by hand */ create table t (a int);", .dump(.plain, .none)),
        ("COPY public.t (a) FROM stdin;\n1\n\\.\n", .dump(.plain, .none)),
        ("-- only a comment\n", .dump(.plain, .none)),
        ("", .empty(.none)),
        ("PGDMP\u{1}\u{E}", .dump(.custom, .none)),
        ("age-encryption.org/v1\n-> X25519 abc\n", .encrypted(.age)),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nabc", .encrypted(.age)),
        ("-----BEGIN PGP MESSAGE-----\n\nabc", .encrypted(.gpg)),
        ("pg_dump: error: connection failed\n", .foreignOutput(line: "\"pg_dump: error: connection failed\"")),
        ("/usr/bin/pg_dump: no\n--\n", .foreignOutput(line: "\"/usr/bin/pg_dump: no\"")),
        ("sh: 1: pg_dump: not found\n", .foreignOutput(line: "\"sh: 1: pg_dump: not found\"")),
    ])
    func knowsText(text: String, expected: Sniffed) {
        #expect(FormatSniffer.sniff(prefix: Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("<!DOCTYPE html><html><body>404", "an HTML page"),
        ("<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey", "an XML document"),
        ("<Error><Code>AccessDenied", "an XML error message"), ("{\"error\": \"denied\"}", "a JSON document"),
        ("HTTP/1.1 403 Forbidden\r\n", "an HTTP response"),
    ])
    func knowsErrorPages(text: String, name: String) throws {
        for bytes in [Array(text.utf8), ZlibOracle.member(Array(text.utf8))] {
            guard case .notABackup(let said, _) = FormatSniffer.sniff(prefix: bytes) else {
                Issue.record("not recognised: \(text)")
                continue
            }
            #expect(said == name)
            let refusal = try #require(FormatSniffer.sniff(prefix: bytes).refusal)
            #expect(refusal.verdict == .failed)
            #expect(refusal.reason == .notABackup)
        }
    }

    @Test(arguments: [
        ("-- MySQL dump 10.13  Distrib 8.0\n--\nCREATE TABLE t", "MySQL"), ("-- MariaDB dump 10.19\n", "MariaDB"),
        ("/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump", "MariaDB"), ("REDIS0011", "Redis"),
        ("PK\u{3}\u{4}", "zip"), ("\u{7F}ELF\u{2}", "ELF"), ("Salted__abc", "openssl"),
    ])
    func namesWhatItDoesNotSupport(text: String, name: String) throws {
        let refusal = try #require(FormatSniffer.sniff(prefix: Array(text.utf8)).refusal)
        #expect(refusal.verdict == .inconclusive)
        #expect(refusal.reason == .unsupportedFormat)
        #expect(refusal.message.contains(name))
    }

    @Test func mongodumpIsNotTakenForGzip() {
        let bytes: [UInt8] = [0x6D, 0xE2, 0x99, 0x81, 0x66, 0, 0, 0]
        #expect(FormatSniffer.sniff(prefix: bytes) == .unsupported(name: "a mongodump archive", hint: nil))
    }

    @Test(
        arguments: [
            // A passphrase; a public key with a length of one, two bytes; a new-format header.
            [0x8C, 0x0D, 0x04, 0x09, 0x03, 0x08, 0x11, 0x22, 0x33], [0x84, 0x5E, 0x03, 1, 2, 3, 4, 5, 6],
            [0x85, 0x01, 0x0C, 0x03, 1, 2, 3, 4, 5], [0xC1, 0x5E, 0x03, 1, 2, 3, 4, 5, 6],
        ] as [[UInt8]])
    func knowsBinaryOpenPGP(bytes: [UInt8]) {
        #expect(FormatSniffer.sniff(prefix: bytes) == .encrypted(.gpg))
    }

    @Test func looksInsideCompression() {
        #expect(FormatSniffer.sniff(prefix: ZlibOracle.member(Self.dump)) == .dump(.plain, .gzip))
        #expect(FormatSniffer.sniff(prefix: ZlibOracle.member(Array("PGDMP\u{1}\u{E}".utf8))) == .dump(.custom, .gzip))
        #expect(FormatSniffer.sniff(prefix: ZlibOracle.member([])) == .empty(.gzip))
        let twice = ZlibOracle.member(ZlibOracle.member(Self.dump))
        #expect(FormatSniffer.sniff(prefix: twice).refusal?.reason == .unsupportedFormat)
        let error = ZlibOracle.member(Array("pg_dump: error: no\n".utf8))
        #expect(FormatSniffer.sniff(prefix: error).refusal?.reason == .foreignOutput)
    }

    @Test func aCutPrefixIsEnough() {
        var random = Seeded(1)
        let file = ZlibOracle.member(Self.dump + random.text(500_000))
        #expect(FormatSniffer.sniff(prefix: Array(file.prefix(FormatSniffer.prefixLength))) == .dump(.plain, .gzip))
        // Nothing to be seen: left to the pass, which says that it is truncated.
        #expect(FormatSniffer.sniff(prefix: Array(file.prefix(12))) == .dump(.plain, .gzip))
    }

    @Test func tellsTarFiles() {
        #expect(FormatSniffer.sniff(prefix: Self.tar(["toc.dat", "3001.dat"])) == .dump(.tar, .none))
        #expect(FormatSniffer.sniff(prefix: ZlibOracle.member(Self.tar(["toc.dat"]))) == .dump(.tar, .gzip))
        let packed = FormatSniffer.sniff(prefix: Self.tar(["shop/", "shop/3001.dat", "shop/toc.dat"]))
        #expect(
            packed == .unsupported(name: "a tar file of a directory dump", hint: "unpack it and verify the directory"))
        #expect(FormatSniffer.sniff(prefix: Self.tar(["etc/passwd"])).refusal?.reason == .unsupportedFormat)
    }

    private static func tar(_ names: [String]) -> [UInt8] {
        names.flatMap { name in
            var header = [UInt8](repeating: 0, count: 512)
            header.replaceSubrange(0..<name.utf8.count, with: name.utf8)
            header.replaceSubrange(257..<264, with: "ustar00".utf8)
            return header
        }
    }

    @Test func tellsDirectories() {
        #expect(FormatSniffer.sniff(directory: ["toc.dat", "3001.dat.gz"], at: "/dumps") == .dump(.directory, .none))
        #expect(FormatSniffer.sniff(directory: ["3001.dat.gz", "blobs.toc"], at: "/dumps") == .tableOfContentsMissing)
        #expect(
            FormatSniffer.sniff(directory: ["PG_VERSION", "base"], at: "/dumps") == .dump(.basebackup, .none))
        let folder = FormatSniffer.sniff(directory: ["a.sql", "b.sql"], at: "/dumps").refusal
        #expect(folder?.verdict == .inconclusive)
        #expect(folder?.reason == .unsupportedFormat)
        #expect(folder?.message == "/dumps is a directory of 2 files, and no directory dump")
        #expect(folder?.hint == "name the files: restorable verify /dumps/*")
        #expect(FormatSniffer.sniff(directory: [], at: "/dumps").refusal?.reason == .unknownFormat)
    }

    @Test func zerosAreNoBackupAndTheRestIsUnknown() {
        #expect(FormatSniffer.sniff(prefix: [UInt8](repeating: 0, count: 4096)).refusal?.reason == .notABackup)
        let unknown = FormatSniffer.sniff(prefix: [0x9E, 0x1B, 0x5B, 0x32, 0x4A])
        #expect(unknown == .unknown(seen: "the bytes 9e 1b 5b 32 4a"))
        #expect(unknown.refusal?.verdict == .inconclusive)
        #expect(FormatSniffer.sniff(prefix: Array("once upon a time".utf8)).refusal?.reason == .unknownFormat)
    }

    @Test(
        arguments: [
            [0x1F], [0x28, 0xB5, 0x2F], [0xFD, 0x37, 0x7A], [0x04, 0x22], Array("B".utf8), Array("BZh9".utf8),
            Array("PGDM".utf8), Array("toc.d".utf8),
        ] as [[UInt8]])
    func theFirstBytesOfASignatureAreACutFile(bytes: [UInt8]) {
        let refusal = FormatSniffer.sniff(prefix: bytes).refusal
        #expect(refusal?.verdict == .failed)
        #expect(refusal?.reason == .truncated)
    }

    @Test func whatIsSeenHasNoTerminalEscapes() {
        let sniffed = FormatSniffer.sniff(prefix: Array("pg_dump: \u{1B}[2J\u{1B}]0;owned\u{7}\n".utf8))
        #expect(sniffed == .foreignOutput(line: "\"pg_dump: ·[2J·]0;owned·\""))
    }
}
