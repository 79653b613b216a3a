import Testing

@testable import Settings

/// What a reference stands for, or a file holds, may be a password: it is used, and told nowhere.
@Suite struct SecretValuesTests {
    private static let references = ReferenceSource(
        environment: { $0 == "KEY" ? "hunter2 x" : nil },
        file: { path in
            switch path {
            case "/keys/k": "hunter2 x"
            case "/keys/password": "hunter2 'a\\b\nnot this"
            case "/keys/uri": "hunter2@/:%?"
            case "/keys/placeholder": "hunter2{database}"
            case "/keys/empty": "\nhunter2"
            default: nil
            }
        })

    private func problems(_ text: String) -> String {
        do {
            _ = try Configuration.parse(text, file: "test.yml", references: Self.references)
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// Every key whose value is looked into, by itself or by what reads it.
    private static let top = [
        "listen: VALUE", "history: VALUE", "retention: VALUE", "catalog_interval: VALUE", "timezone: VALUE",
        "concurrent_verifications: VALUE", "scratch: { directory: VALUE }", "scratch: { memory: VALUE }",
        "scratch: { jobs: VALUE }", "scratch: { profile: VALUE }", "scratch: { deadline: VALUE }",
        "scratch: { nice: VALUE }",
    ]
    private static let database = [
        "engine: VALUE", "password_file: VALUE", "schedule: VALUE", "timezone: VALUE", "window: VALUE",
        "suspend: VALUE",
        "jitter: VALUE", "allow_empty: VALUE", "select: { random_older: VALUE }", "disk: { path: VALUE }",
        "objectives: { rpo: VALUE }", "wal_archive: { location: VALUE }", "wal_archive: { location: /w, grace: VALUE }",
        "rows: { drift: VALUE }", "rows: { unbounded: [ VALUE ] }", "rows: { minimum: { a.b: VALUE } }",
        "freshness: [ { table: VALUE, column: c } ]",
    ]
    private static let backups = [
        "minimum_size: VALUE", "match: VALUE", "match: '{time:yyyy}', time: { zone: VALUE }", "time: { means: VALUE }",
    ]

    @Test(
        arguments: top.map { "\($0)\ndatabases: [{ name: a, backups: { location: /b } }]" }
            + database.map { "databases: [{ name: a, backups: { location: /b }, \($0) }]" }
            + backups.map { "databases: [{ name: a, backups: { location: /b, \($0) } }]" }
            + ["databases: [{ name: a, backups: { location: VALUE } }]"])
    func aValueThatIsWrongIsToldAsItIsWritten(text: String) {
        // Neither a pattern, a location nor a table is easily wrong.
        let prefix =
            text.contains("match: VALUE")
            ? "{"
            : text.contains("{ location: VALUE } }]")
                ? "ftp://" : text.contains(/table: VALUE|unbounded/) ? "a.b.c." : "%"
        for reference in ["${env:KEY}", "${file:/keys/k}"] {
            let told = problems(text.replacing("VALUE", with: "\"\(prefix)\(reference)\""))
            #expect(told.contains(reference) && told.contains("test.yml:"), "\(told)")
            #expect(!told.contains("hunter2"), "\(told)")
            // What stands in the file is repeated: it is what one looks for.
            #expect(problems(text.replacing("VALUE", with: "\"\(prefix)%wrong\"")).contains("%wrong"), "\(text)")
        }
    }

    /// All users of a machine see the words of a command.
    @Test(arguments: ["${env:KEY}", "${file:/keys/k}", "--key=${env:NOPE}", "${env:KEY"])
    func aReferenceInAFilterIsRefusedWithItsPlace(word: String) throws {
        let told = problems(
            """
            databases:
              - name: a
                backups:
                  location: /b
                  filter: [unpack, --key, "\(word)"]
            """)
        #expect(told.hasPrefix("test.yml:5:31: databases[0].backups.filter[2]: "), "\(told)")
        #expect(told.contains("-i /keys/backup") && told.contains("environment"), "\(told)")
        #expect(!told.contains("hunter2") && told.split(separator: "\n").count == 1, "\(told)")
    }

    /// A shell's own variables are the shell's.
    @Test func whatElseLooksLikeAVariableIsLeftToTheFilter() throws {
        let text = #"databases: [{ name: a, backups: { location: /b, filter: [sh, -c, 'unpack "${KEY}" $HOME'] } }]"#
        let parsed = try Configuration.parse(text, file: "test.yml", references: Self.references)
        #expect(parsed.databases[0].backups.filter == ["sh", "-c", #"unpack "${KEY}" $HOME"#])
    }

    @Test(arguments: [
        ("host=db user=me", "/keys/password", #"host=db user=me password='hunter2 \'a\\b'"#),
        ("postgresql://me@db/shop", "/keys/uri", "postgresql://me@db/shop?password=hunter2%40%2F%3A%25%3F"),
        (
            "postgres://me@db/shop?sslmode=require", "/keys/k",
            "postgres://me@db/shop?sslmode=require&password=hunter2%20x"
        ),
    ])
    func aPasswordComesFromAFile(connection: String, path: String, expected: String) throws {
        let text =
            "databases: [{ name: a, connection: \"\(connection)\", password_file: \(path), backups: { location: /b } }]"
        let shop = try Configuration.parse(text, file: "test.yml", references: Self.references).databases[0]
        #expect(shop.connection == expected)
        #expect(!"\(shop)".contains("hunter2"))
    }

    @Test(arguments: [
        ("connection: host=db, password_file: /keys/none", "the file /keys/none can't be read"),
        ("connection: host=db, password_file: /keys/empty", "no password in its first line"),
        ("connection: host=db, password_file: keys", "must be an absolute path"),
        ("connection: 'password=${env:KEY}', password_file: /keys/k", "a password of its own beside password_file"),
        ("connection: 'postgresql://u:${env:KEY}@db/a', password_file: /keys/k", "a password of its own"),
        ("password_file: /keys/k", "is for a connection, and there is none"),
        ("connection: 'host=db', password_file: /keys/placeholder", "{database} may stand in dbname= alone"),
    ])
    func aPasswordFileThatCanNotBeUsedIsRefused(keys: String, told: String) {
        let problems = problems("databases: [{ name: a, \(keys), backups: { location: /b } }]")
        #expect(problems.contains(told) && problems.contains("test.yml:1:"), "\(problems)")
        #expect(!problems.contains("hunter2"), "\(problems)")
    }
}
