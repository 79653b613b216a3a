import Backups
import Testing

@testable import Settings

@Suite struct ConfigurationTests {
    private let references = ReferenceSource(
        environment: { $0 == "SHOP_PASSWORD" ? "s3cret" : nil }, file: { $0 == "/keys/name" ? "shop" : nil })

    private func parse(_ text: String) throws -> Configuration {
        try Configuration.parse(text, file: "test.yml", references: references)
    }

    private func problems(_ text: String) -> String {
        do {
            _ = try parse(text)
            return ""
        } catch let error as InvalidSettings {
            return error.description
        } catch {
            return "another error: \(error)"
        }
    }

    private func unbounded(_ tables: String, bounds: String) -> String {
        "databases: [{name: a, backups: {location: /b}, rows: {bounds: \(bounds), unbounded: \(tables)}}]"
    }

    @Test func theExampleIsValid() throws {
        let configuration = try parse(Configuration.example)
        let shop = try #require(configuration.databases.first)
        #expect(configuration.scratch.memory == 1 << 30)
        #expect(configuration.scratch.deadline == .seconds(6 * 3600))
        #expect(shop.name == "shop")
        #expect(shop.objectives.rpo == .seconds(93_600))
        #expect(shop.rows.drift == .share(millionths: 1000))
        #expect(shop.rows.minimum == [TableName(schema: "public", name: "users"): 1])
        #expect(shop.rows.unbounded == [TableName(schema: "public", name: "import_staging")])
        #expect(configuration.daemon.samplesInterval == .seconds(300))
        #expect(shop.rows.isBounded && problems(unbounded("[a, public.b]", bounds: "false")).isEmpty)
        #expect(problems(unbounded("[a.b.c.d]", bounds: "maybe")).contains("a.b.c.d is not"))
        #expect(problems(unbounded("[a.b.c.d]", bounds: "maybe")).contains("bounds must be true or false"))
        #expect(shop.ignoredExtensions == ["pg_cron"])
        #expect(
            shop.freshness == [
                FreshnessSettings(table: TableName(schema: "public", name: "orders"), column: "created_at")
            ])
        #expect(shop.backups.match?.match("shop-20261120-020000.sql.gz")?.time == Timestamp("2026-11-20T02:00:00Z"))
    }

    /// One history for several daemons is to come: the error says so, and repeats no password.
    @Test(arguments: [
        "postgresql://restorable:swordfish@db/history", "postgres://db/history?password=swordfish",
        "PostgreSQL://db", "host=db password=swordfish",
    ])
    func aHistoryInPostgreSQLIsNotThereYet(history: String) {
        let text = "listen: :9000\nhistory: \"\(history)\"\ndatabases: []\n"
        let problems = problems(text)
        #expect(
            problems.contains(
                "test.yml:2:10: history must be the absolute path of a file: a history in PostgreSQL, shared by several "
                    + "daemons, is not there yet; give each daemon a file of its own"), "\(problems)")
        #expect(!problems.contains("swordfish"))
        #expect(self.problems(text.replacing(history, with: "h.sqlite")).contains("path of a file, not \"h.sqlite\""))
    }

    @Test func anArchiveIsALocationAndItsTimes() throws {
        func archive(_ text: String) -> String {
            "databases: [{name: a, backups: {location: /b}, wal_archive: \(text)}]"
        }
        var expected = WALArchiveSettings(location: "/w")
        #expect(try parse(archive("{location: /w}")).databases.first?.walArchive == expected)
        #expect(expected.interval == .seconds(300))
        expected.base = "/base"
        (expected.interval, expected.grace) = (.seconds(60), .zero)
        let text = archive("{location: /w, base: /base, interval: 1m, grace: 0s}")
        #expect(try parse(text).databases.first?.walArchive == expected)
        #expect(problems(archive("{}")).contains("location"))
        for place in ["s3://backups/wal", "rclone:cloud:wal"] {
            let parsed = try parse(archive("{location: \"\(place)\", base: \"\(place)\", sweep: 2h}"))
            #expect(parsed.databases.first?.walArchive?.location == place)
            #expect(parsed.databases.first?.walArchive?.sweep == .seconds(7200))
        }
        for place in ["s3://b/wal", "wal", "gs://backups/wal", "rclone:wal"] {
            #expect(problems(archive("{location: \"\(place)\"}")).contains("must be a directory, from the root on"))
        }
        for place in [
            "pgbackrest:main", "barman:/etc/barman.conf:shop", "barman-cloud:s3://bucket/main",
            "command:/etc/wal-g.yml",
        ] {
            #expect(try parse(archive("{location: \"\(place)\"}")).databases.first?.walArchive?.location == place)
            #expect(
                try parse("databases: [{name: a, backups: {location: \"\(place)\"}}]").databases.first?.backups.location
                    == place)
            #expect(problems(archive("{location: /w, base: \"\(place)\"}")).contains("leave it out"))
            for key in ["filter: [cat]", "globals: g.sql"] {
                let flawed = problems("databases: [{name: a, backups: {location: \"\(place)\", \(key)}}]")
                #expect(flawed.contains("restores them itself: leave it out"))
            }
        }
        for place in ["pgbackrest:", "pgbackrest:a b", "barman:main/20261122T044010", "command:wal-g.yml"] {
            #expect(problems("databases: [{name: a, backups: {location: \"\(place)\"}}]").contains("pgbackrest:STANZA"))
        }
        #expect(problems(archive("{location: /w, interval: 0s}")).contains("interval must be a duration"))
        #expect(try parse("databases: [{name: a, backups: {location: /b}}]").databases.first?.walArchive == nil)
    }

    @Test func nameAndLocationAreEnough() throws {
        let configuration = try parse("databases: [{name: a, backups: {location: /b}}]")
        #expect(configuration.databases.count == 1)
        #expect(configuration.scratch == ScratchSettings())
    }

    /// What the alerts go by is in force whether it is written or not.
    @Test(arguments: [
        ("", 7.0), ("objectives: {verify_every: 2d}", 2), ("objectives: {verify_every: 2d}, schedule: '@monthly'", 2),
        ("schedule: '@daily'", 7), ("schedule: '0 4 * * 0'", 7), ("schedule: '*/5 * * * mon'", 7),
        ("schedule: '@monthly'", 31), ("schedule: '@yearly'", 366), ("schedule: '0 0 1,8,15,22 * *'", 10),
        ("schedule: '0 0 29 2 *'", 1461), ("schedule: after_each_backup", 7),
        ("schedule: after_each_backup, objectives: {backup_every: 30d}", 30),
        ("schedule: after_each_backup, objectives: {backup_every: 1d}", 7),
    ])
    func aVerifiedRestoreIsDueAtAnInterval(keys: String, days: Double) throws {
        let separator = keys.isEmpty ? "" : ", "
        let database = try parse("databases: [{name: a, backups: {location: /b}\(separator)\(keys)}]").databases[0]
        #expect(database.objectives.verifyEvery == .seconds(days * 86_400))
    }

    @Test func theDaemonHasSettingsOfItsOwn() throws {
        let text = """
            listen: ":9000"
            web: { config_file: /etc/web.yml }
            history: /srv/history.sqlite
            retention: 30d
            catalog_interval: 5s
            production_interval: 2m
            samples_interval: 3m
            concurrent_verifications: 3
            scratch: { nice: 10 }
            databases: [{name: a, backups: {location: /b}}]
            """
        let configuration = try parse(text)
        var expected = DaemonSettings()
        expected.listen = ListenAddress(host: "::", port: 9000)
        expected.webConfigFile = "/etc/web.yml"
        expected.history = "/srv/history.sqlite"
        expected.retention = .seconds(30 * 86_400)
        expected.catalogInterval = .seconds(5)
        expected.productionInterval = .seconds(120)
        expected.samplesInterval = .seconds(180)
        expected.concurrentVerifications = 3
        #expect(configuration.daemon == expected)
        #expect(configuration.scratch.nice == 10)
    }

    @Test(arguments: [
        ("127.0.0.1:9988", "127.0.0.1:9988"), ("[::1]:80", "[::1]:80"), (":1", "[::]:1"),
        ("db.example:0", "db.example:0"),
    ])
    func addressesToListenAt(text: String, expected: String) {
        #expect(ListenAddress(text)?.description == expected)
    }

    @Test(arguments: ["9988", "::1:9988", "a:", "a:65536", "a:b", ""]) func badAddresses(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func anUnknownKeyIsNamedWithTheNearestAndItsPlace() {
        let text = """
            databases:
              - name: shop
                backups:
                  locaton: /b
            """
        #expect(
            problems(text) == """
                test.yml:4:7: databases[0].backups.location is missing
                test.yml:4:7: unknown key "locaton" in databases[0].backups; did you mean "location"?
                """)
    }

    /// They may be secrets, which rclone keeps in a file of its own.
    @Test(arguments: [":s3,secret_access_key=hush:bucket", "store,pass=hush:dir", ":local:/b"])
    func settingsOfARemoteAreNoLocation(remote: String) {
        for text in [
            "databases: [{name: a, backups: {location: \"rclone:\(remote)\"}}]",
            "databases: [{name: a, backups: {location: /b}, wal_archive: {location: /w, base: \"rclone:\(remote)\"}}]",
            "databases: [{name: a, backups: {location: /b, globals: \"rclone:\(remote)/g.sql\"}}]",
        ] {
            let problems = problems(text)
            #expect(problems.contains("rclone.conf") && !problems.contains("hush"), "\(problems)")
        }
    }

    @Test func allProblemsAreToldAtOnceInOrder() {
        let text = """
            scratch: {memory: lots, jobs: 0, xyzzyx: 1}
            databases:
              - name: a
                backups: {location: "ftp://b/c", minimum_size: 1.5GiB}
                objectives: {rpo: 24}
            """
        #expect(
            problems(text) == """
                test.yml:1:19: scratch.memory must be a size such as 512MiB, 20GiB or 1GB, not "lots"
                test.yml:1:31: scratch.jobs must be a number from 1 to 64, not "0"
                test.yml:1:34: unknown key "xyzzyx" in scratch; known are deadline, directory, jobs, max_content, \
                max_disk, memory, nice, postgresql_bin, profile, user
                test.yml:4:25: databases[0].backups.location must be a directory, s3://BUCKET/PREFIX, \
                rclone:REMOTE:PATH, pgbackrest:STANZA, barman:SERVER, barman-cloud:s3://BUCKET/PREFIX/SERVER or command:/FILE.yml, \
                not "ftp://b/c"
                test.yml:4:52: databases[0].backups.minimum_size must be a size such as 512MiB, 20GiB or 1GB, not \
                "1.5GiB"
                test.yml:5:23: databases[0].objectives.rpo must be a duration such as 90s, 15m, 24h or 7d, not "24"
                """)
    }

    @Test(arguments: [
        "host=db password=hunter2", "postgresql://me:hunter2@db/shop", "password = hunter2 host=db",
        "postgres://db/shop?password=hunter2", "host=db\\tpassword\\t=\\thunter2",
        "host=db oauth_client_secret=hunter2",
        "postgresql://me:x/hunter2@db/shop", "postgresql://me:x?hunter2@db/shop", "postgresql://me:x@hunter2@db/shop",
    ])
    func aPasswordInTheFileIsRefused(connection: String) {
        let text = "databases: [{name: a, connection: \"\(connection)\", backups: {location: /b}}]"
        #expect(problems(text).contains("holds a password"))
        #expect(!problems(text).contains("hunter2"))
    }

    @Test(arguments: [
        "host=db service=shop", "host=db passfile=/etc/pgpass", "postgresql://me@db:5432/shop",
        "postgresql://db:5432/shop?application_name=a:b@c", "host=db password=${env:SHOP_PASSWORD}",
        "postgresql://me:${env:SHOP_PASSWORD}@db/shop",
    ])
    func aPasswordFromElsewhereIsTaken(connection: String) throws {
        #expect(problems("databases: [{name: a, connection: \"\(connection)\", backups: {location: /b}}]") == "")
    }

    @Test func referencesAreReplaced() throws {
        let shop = try parse(
            "databases: [{name: \"${file:/keys/name}\", connection: \"password=${env:SHOP_PASSWORD}\", backups: {location: /b}}]"
        ).databases[0]
        #expect(shop.name == "shop")
        #expect(shop.connection == "password=s3cret")
        #expect(shop.secretVariables == ["SHOP_PASSWORD"])
        // What is told of it as a whole, as by a library that logs what it is given.
        for text in ["\(shop)", "\([shop])", String(reflecting: shop)] {
            #expect(text.contains("shop") && !text.contains("s3cret"))
        }
        // Nobody's filter is to have anybody's password.
        let two = try parse(
            "databases: [{name: a, connection: \"password=${env:SHOP_PASSWORD}\", backups: {location: /b}}, {name: b, backups: {location: /b, filter: [cat]}}]"
        )
        #expect(two.databases.map(\.secretVariables) == [["SHOP_PASSWORD"], ["SHOP_PASSWORD"]])
    }

    @Test(arguments: [
        ("${env:NOPE}", "no variable NOPE"), ("${file:/nope}", "/nope can't be read"), ("${x}", "neither"),
        ("${env:X", "without its }"),
    ])
    func aReferenceThatLeadsNowhereIsAProblem(value: String, message: String) {
        #expect(problems("databases: [{name: \"\(value)\", backups: {location: /b}}]").contains(message))
    }

    @Test(arguments: [
        ("", "the file is empty"), ("[1]", "must be a mapping"), ("databases: {", "not YAML"),
        ("databases: 3", "databases must be a list"), ("scratch: {}", "databases is missing"),
        ("databases: [3]", "databases[0] must be a mapping"), ("databases: [{name: a}]", "backups is missing"),
        ("databases: [{name: a, backups: {location: /b}}, {name: a, backups: {location: /b}}]", "two databases"),
        ("databases: []\ndatabases: []", "written twice"),
    ])
    func otherShapesAreRefused(text: String, message: String) {
        #expect(problems(text).contains(message))
    }
}
