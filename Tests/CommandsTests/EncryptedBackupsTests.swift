import TestSupport
import Testing

/// Files of real gpg and age, as a user meets them: named without the key, verified with it.
@Suite(.serialized) struct EncryptedBackupsTests {
    enum Tools: String, CaseIterable, CustomTestStringConvertible, Sendable {
        case age, armoredAge, gpg, armoredGPG, gpgWithPassphrase

        var testDescription: String { rawValue }
        var isAge: Bool { self == .age || self == .armoredAge }
    }

    private let shop: RestoredShop
    private let dump: String
    private let rightKeys: Keys
    private let otherKeys: Keys

    init() throws {
        shop = try RestoredShop()
        dump = try Compressor.gzip.compress(try shop.dump())
        rightKeys = try Keys(in: shop.directory.file("right"))
        otherKeys = try Keys(in: shop.directory.file("other"))
    }

    @Test(arguments: Tools.allCases) func withoutTheKeyItIsNamedAndWithItVerified(tools: Tools) throws {
        let path = try rightKeys.encrypt(dump, with: tools)
        let closed = try RestoredShop.verify(["--json", path])
        #expect(closed.status == 2)
        #expect(closed.outputText.contains(#""verdict":"inconclusive","reason":"encrypted""#))
        #expect(closed.outputText.contains("encrypted with \(tools.isAge ? "age" : "gpg")"))
        let command = tools.isAge ? "age --decrypt --identity KEYFILE" : "gpg --batch --decrypt"
        #expect(closed.outputText.contains("--filter '\(command)'"))

        let open = try RestoredShop.verify(
            ["--json", "--filter", rightKeys.filter(tools), path], environment: rightKeys.environment)
        #expect(open.status == 0, "\(open.outputText)\(open.errorText)")
        #expect(open.outputText.contains(#""verdict":"verified","reason":null"#))
        #expect(open.outputText.contains(#""format":"plain","compression":"gzip""#))
        #expect(open.outputText.contains(#""dump_rows":500,"restored_rows":500"#))
        let digest = try Tool.run("sha256sum", [path]).outputText.prefix(64)
        #expect(open.outputText.contains(#""sha256":"\#(digest)""#))
    }

    @Test(arguments: Tools.allCases) func withAnotherKeyNothingIsKnownOfTheBackup(tools: Tools) throws {
        let path = try rightKeys.encrypt(dump, with: tools)
        let result = try RestoredShop.verify(
            ["--json", "--filter", otherKeys.filter(tools), path], environment: otherKeys.environment)
        #expect(result.status == 2)
        #expect(
            result.outputText.contains(#""verdict":"inconclusive","reason":"filter-failed""#), "\(result.outputText)")
    }

    /// What can't be decrypted any more can't be told from a wrong key: the filter fails either way.
    @Test(arguments: Tools.allCases) func aDamagedFileIsNeverVerified(tools: Tools) throws {
        let path = try rightKeys.encrypt(dump, with: tools)
        let size = try TestFile.size(path)
        for damage in [Damage.cutEnd(200), .flipBit(UInt64(size / 2) * 8), .cut(at: size / 2)] {
            let copy = try damage.copy(path, to: shop.directory.file("damaged"))
            let result = try RestoredShop.verify(
                ["--json", "--until", "integrity", "--filter", rightKeys.filter(tools), copy],
                environment: rightKeys.environment)
            #expect(result.status == 2, "\(damage): \(result.outputText)")
            #expect(result.outputText.contains(#""reason":"filter-failed""#), "\(damage): \(result.outputText)")
        }
    }

    /// openssl writes what it makes of a wrong key before it says that the key was wrong.
    @Test func whatAFilterWroteBeforeItFailedIsNotJudged() throws {
        for output in ["<html>no</html>", "pg_dump: error: no key", "-- PostgreSQL database dump", "nothing known"] {
            let filter = "cat >/dev/null; echo '\(output)'; echo 'wrong key' >&2; exit 1"
            let result = try RestoredShop.verify(["--json", "--until", "integrity", "--filter", filter, dump])
            #expect(result.status == 2, "\(output)")
            #expect(result.outputText.contains(#""reason":"filter-failed""#), "\(output): \(result.outputText)")
            #expect(result.outputText.contains("wrong key"), "\(output)")
        }
        // One that does not fail has made of the file what it is.
        let page = "cat >/dev/null; echo '<html>no</html>'"
        let result = try RestoredShop.verify(["--json", "--until", "integrity", "--filter", page, dump])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""reason":"not-a-backup""#))
    }
}

/// Somebody's keys: an age identity, a key ring of gpg, a passphrase.
private final class Keys {
    private let path: String
    private let recipient: String

    var environment: [String: String] { ["GNUPGHOME": "\(path)/gpg"] }

    init(in path: String) throws {
        self.path = path
        try Tool.shell(
            "mkdir -p -m 700 \"$1\" \"$1/gpg\" && head -c 24 /dev/urandom | base64 >\"$1/passphrase\"", [path])
        try Tool.run("age-keygen", ["-o", "\(path)/age.key"])
        recipient = try Tool.run("age-keygen", ["-y", "\(path)/age.key"]).outputText.filter { !$0.isNewline }
        try gpg([
            "--passphrase", "", "--quick-generate-key", "backups@example.org", "future-default", "default", "never",
        ])
    }

    deinit {
        // It would stay, and hold the directory.
        _ = try? Tool.attempt("gpgconf", ["--homedir", "\(path)/gpg", "--kill", "gpg-agent"])
    }

    /// Encrypts the file at `path`.
    /// - Returns: the path of what was written.
    func encrypt(_ file: String, with tools: EncryptedBackupsTests.Tools) throws -> String {
        let output = "\(file).\(tools.rawValue)"
        switch tools {
        case .age: try Tool.run("age", ["-r", recipient, "-o", output, file])
        case .armoredAge: try Tool.run("age", ["--armor", "-r", recipient, "-o", output, file])
        case .gpg: try gpg(["--encrypt", "--recipient", "backups@example.org", "--output", output, file])
        case .armoredGPG:
            try gpg(["--armor", "--encrypt", "--recipient", "backups@example.org", "--output", output, file])
        case .gpgWithPassphrase:
            try gpg(["--passphrase-file", "\(path)/passphrase", "--symmetric", "--output", output, file])
        }
        return output
    }

    /// What `--filter` is given.
    func filter(_ tools: EncryptedBackupsTests.Tools) -> String {
        switch tools {
        case .age, .armoredAge: "age --decrypt -i '\(path)/age.key'"
        case .gpg, .armoredGPG: "gpg --batch --quiet --decrypt"
        case .gpgWithPassphrase:
            "gpg --batch --quiet --pinentry-mode loopback --passphrase-file '\(path)/passphrase' --decrypt"
        }
    }

    private func gpg(_ arguments: [String]) throws {
        try Tool.run(
            "gpg",
            ["--homedir", "\(path)/gpg", "--batch", "--quiet", "--yes", "--pinentry-mode", "loopback"] + arguments)
    }
}
