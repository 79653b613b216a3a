import Backups
import Testing

@testable import Settings

/// Entries with `{database}`, and what names tell of time.
@Suite struct DiscoverySettingsTests {
    private func parse(_ entries: String) throws -> [DatabaseSettings] {
        try Configuration.parse("databases: [\(entries)]", file: "test.yml").databases
    }

    private func problem(_ entries: String) -> String {
        do {
            return "\(try parse(entries).count) good"
        } catch {
            return "\(error)"
        }
    }

    private let entry = """
        {name: "eu-{database}", connection: "host=db dbname='{database}' user=u",
         backups: {location: /b, match: "{database}-*.sql"}, objectives: {rpo: 24h}}
        """

    @Test func oneEntryGivesManyDatabases() throws {
        let entry = try #require(try parse(entry).first)
        #expect(entry.discovers)
        let shop = entry.database("shop")
        #expect(!shop.discovers)
        #expect(shop.name == "eu-shop")
        #expect(shop.connection == "host=db dbname='shop' user=u")
        #expect(shop.objectives == entry.objectives)
        #expect(shop.backups.match?.match("shop-1.sql") == BackupMatch())
        #expect(shop.backups.match?.match("app-1.sql") == nil)
        #expect(entry.captured(from: "eu-shop") == "shop")
        #expect(entry.captured(from: "us-shop") == nil)
        #expect(entry.captured(from: "eu-") == nil)
        #expect(shop.captured(from: "eu-shop") == nil)
    }

    /// A file's name must not become a keyword of the connection.
    @Test(arguments: [
        ("dbname={database}", "a b host=evil", #"dbname=a\ b\ host=evil"#),
        ("dbname='{database}'", "a' host='evil", #"dbname='a\'\ host=\'evil'"#),
        ("dbname={database}", #"a\"#, #"dbname=a\\"#),
        (
            "postgresql://db/{database}?sslmode=require", "a?host=evil&x/é",
            "postgresql://db/a%3Fhost%3Devil%26x%2F%C3%A9?sslmode=require"
        ),
        ("service=shop", "a", "service=shop"),
    ])
    func aNameIsOnlyAValueInAConnection(connection: String, name: String, expected: String) throws {
        var entry = try #require(try parse(entry).first)
        entry.connection = connection
        #expect(entry.database(name).connection == expected)
    }

    @Test(arguments: [
        (
            #"{name: "{database}", backups: {location: /b}}"#,
            "backups.match is missing: it says where {database} stands"
        ),
        (
            #"{name: "{database}", backups: {location: /b, match: "*.sql"}}"#,
            "must say where {database} stands in a path"
        ),
        (
            #"{name: "{database}-{database}", backups: {location: /b, match: "{database}"}}"#,
            "has {database} in it twice"
        ),
        (
            #"{name: "{database}", backups: {location: /b, match: "{database}"}}, "#
                + #"{name: "{database}", backups: {location: /c, match: "{database}"}}"#,
            #"two databases are called "{database}": write eu-{database} for one of them"#
        ),
        (#"{name: a, backups: {location: /b, match: "{x}"}}"#, #"not "{x}": {x} is neither {database} nor"#),
        (#"{name: a, backups: {location: /b, match: "a*", time: {means: end}}}"#, "needs a {time:…} in match"),
        (#"{name: a, backups: {location: /b, match: "{time:yyyy}", time: {zone: Berlin}}}"#, "is no time zone"),
        (#"{name: a, backups: {location: /b, match: "{time:yyyy}", time: {means: middle}}}"#, "must be start or end"),
        (#"{name: a, backups: {location: /b, match: "{time:yyyy}", time: {zome: UTC}}}"#, #"did you mean "zone"?"#),
    ])
    func whatIsWrongIsTold(entries: String, expected: String) {
        #expect(problem(entries).contains(expected), "\(problem(entries))")
    }

    @Test(
        arguments: [
            ("", nil, "2026-11-20T02:00:00Z", "2026-11-20T05:00:00Z"),
            ("time: {means: start, zone: Europe/Berlin}", nil, "2026-11-20T01:00:00Z", "2026-11-20T05:00:00Z"),
            ("time: {means: end, zone: Europe/Berlin}", nil, nil, "2026-11-20T01:00:00Z"),
            ("time: {means: end}", ManifestTimes(), nil, "2026-11-20T02:00:00Z"),
            (
                "time: {means: end}",
                ManifestTimes(
                    dataAsOf: Timestamp("2026-11-20T03:00:00Z"), completedAt: Timestamp("2026-11-20T04:00:00Z")),
                "2026-11-20T03:00:00Z", "2026-11-20T04:00:00Z"
            ),
            (
                "", ManifestTimes(dataAsOf: Timestamp("2026-11-20T03:00:00Z")), "2026-11-20T03:00:00Z",
                "2026-11-20T05:00:00Z"
            ),
        ] as [(String, ManifestTimes?, String?, String)])
    func manifestThenNameThenFile(
        time: String, manifest: ManifestTimes?, dataAsOf: String?, completedAt: String
    ) throws {
        let separator = time.isEmpty ? "" : ", "
        let settings = try #require(
            try parse(#"{name: a, backups: {location: /b, match: "{time:yyyyMMdd-HHmmss}"\#(separator)\#(time)}}"#)
                .first
        ).backups
        let modified = try #require(Timestamp("2026-11-20T05:00:00Z"))
        let entry = LocationEntry(
            path: "20261120-020000",
            identity: BackupIdentity(path: "/b/20261120-020000", sizeBytes: 1, modified: modified))
        let match = try #require(settings.match(entry))
        let backup = settings.candidate(entry, match, manifest).backup
        #expect(backup.dataAsOf == dataAsOf.flatMap { Timestamp($0) })
        #expect(backup.completedAt == Timestamp(completedAt))
    }

    /// A name that says a later moment than its file was written at tells none: the backup would be the newest for years.
    @Test(arguments: [
        ("20261120-020000", true), ("20261121-040000", true), ("20261121-060000", false), ("20361120-020000", false),
    ])
    func aNameFromTheFutureTellsNothing(name: String, isBelieved: Bool) throws {
        let modified = try #require(Timestamp("2026-11-20T05:00:00Z"))
        for means in ["start", "end"] {
            let settings = try #require(
                try parse(
                    "{name: a, backups: {location: /b, match: '{time:yyyyMMdd-HHmmss}', time: {means: \(means)}}}"
                )
                .first
            ).backups
            let entry = LocationEntry(
                path: name, identity: BackupIdentity(path: "/b/\(name)", sizeBytes: 1, modified: modified))
            let match = try #require(settings.match(entry))
            let backup = settings.candidate(entry, match, nil).backup
            #expect(settings.isMisdated(entry, match) == !isBelieved)
            #expect((backup.dataAsOf != nil) == (isBelieved && means == "start"))
            #expect((backup.completedAt == match.time) == (isBelieved && means == "end"))
        }
    }

    /// Who may name files at the location must not choose the server that a password is sent to.
    @Test(arguments: [
        ("service=prod dbname={database}", true), ("host=db dbname='{database}' user=m", true), ("host=db", true),
        ("postgresql://m@db/{database}?sslmode=require", true), ("postgresql://db/?dbname={database}", true),
        ("host={database}.internal dbname=x", false), ("dbname=x passfile=/p/{database}", false),
        ("dbname = {database}", false), ("postgresql://{database}.internal/x", false),
        ("postgres://{database}@db/x", false), ("postgresql://db/x?host={database}", false),
        ("postgresql:///x?dbname={database}&host={database}", false),
    ]) func aNameChoosesADatabaseAlone(connection: String, isAllowed: Bool) {
        #expect(DatabaseSettings.namesDatabaseOnly(connection) == isAllowed)
    }
}
