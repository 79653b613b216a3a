import Glibc
import TestSupport
import Testing

/// What is asked of a base backup is answered, or refused, and never passed over.
@Suite struct VerifyBaseBackupAskedTests {
    @Test func whatOnlyADumpCanAnswerIsRefused() throws {
        let production = try ArchivedProduction()
        let arguments = [
            ["--against", "service=shop"], ["--table", "nosuch"], ["--schema", "nosuch"], ["--checksums"],
            ["--globals", "/nonexistent"], ["--loader", "psql"], ["--ignore-extension", "postgis"],
        ]
        for given in arguments {
            let result = try production.verify(["--until", "integrity"] + given)
            #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
            #expect(result.outputText.contains(#""reason":"unsupported-format""#))
            #expect(result.outputText.contains("\(given[0])"), "\(result.outputText)")
        }
        #expect(try production.verify(["--until", "integrity"]).status == 0)
    }

    /// A run that was asked to stop does.
    @Test func untilIsWhereItStops() throws {
        let production = try ArchivedProduction()
        let query = ["--query", "never=SELECT false"]
        let started = try production.verify(["--until", "restore"] + query)
        #expect(started.status == 0, "\(started.outputText)\(started.errorText)")
        #expect(started.outputText.contains(#""name":"databases","verdict":"verified""#))
        #expect(!started.outputText.contains(#""name":"rows""#) && !started.outputText.contains("amcheck"))
        #expect(started.outputText.contains("stopped after restore, as asked"))
        let counted = try production.verify(["--until", "rows"] + query)
        #expect(counted.status == 0, "\(counted.outputText)\(counted.errorText)")
        #expect(counted.outputText.contains(#""name":"rows","verdict":"verified""#))
        #expect(!counted.outputText.contains("amcheck"))
        #expect(try production.verify(query).status == 1)
        #expect(try production.leftovers() == [])
    }

    @Test func oneOfSeveralDatabasesIsAsked() throws {
        let production = try ArchivedProduction()
        try production.server.server.createDatabase(named: "other").run("CREATE TABLE there AS SELECT 1 AS id")
        try production.server.server.createDatabase(named: "shut").run("SELECT 1")
        try production.shop.run("ALTER DATABASE shut ALLOW_CONNECTIONS false")
        // As an interrupted DROP DATABASE leaves it.
        try production.server.server.createDatabase(named: "dropped").run("SELECT 1")
        try production.shop.run(
            "UPDATE pg_catalog.pg_database SET datconnlimit = -2 WHERE datname = 'dropped'; CHECKPOINT")
        let base = production.directory.file("two")
        try production.server.baseBackup([], to: base)
        let query = ["--query", "there=SELECT count(*) = 1 FROM there"]
        let unsaid = try production.verify(query, base: base)
        #expect(unsaid.status == 2, "\(unsaid.outputText)\(unsaid.errorText)")
        #expect(unsaid.outputText.contains("--dbname"))
        let asked = try production.verify(query + ["--dbname", "other"], base: base)
        #expect(asked.status == 0, "\(asked.outputText)\(asked.errorText)")
        let skipped = try production.verify(query + ["--dbname", "other", "--skip-amcheck"], base: base)
        #expect(skipped.status == 0 && !skipped.outputText.contains("amcheck"), "\(skipped.outputText)")
        #expect(asked.outputText.contains("shut, which takes no connections"))
        #expect(asked.outputText.contains("dropped, which an interrupted DROP DATABASE left invalid"))
    }

    @Test func anEmptyClusterIsNotVerified() throws {
        let production = try ArchivedProduction(prepare: "DROP TABLE orders;")
        let empty = try production.verify()
        #expect(empty.status == 2, "\(empty.outputText)\(empty.errorText)")
        #expect(empty.outputText.contains(#""verdict":"inconclusive","reason":"empty""#))
        let allowed = try production.verify(["--allow-empty"])
        #expect(allowed.status == 0, "\(allowed.outputText)\(allowed.errorText)")
    }

    @Test(arguments: [(3, Int32(0)), (4, 1)])
    func theConfigurationsGuardsHold(least: Int, status: Int32) throws {
        let production = try ArchivedProduction()
        let base = production.directory.file("all/20261120-020000")
        try Tool.run("mkdir", [production.directory.file("all")])
        try Tool.run("cp", ["-r", production.base, base])
        // What was written a moment ago may not be finished.
        try Tool.shell("find \"$1\" -exec touch -d '10 minutes ago' {} +", [base])
        let config = try production.directory.write(
            """
            scratch: { directory: "\(production.scratch)" }
            databases:
              - name: shop
                connection: "host=\(production.server.server.socketDirectory) dbname=shop user=postgres"
                backups: { location: "\(production.directory.file("all"))", match: "{time:yyyyMMdd-HHmmss}" }
                rows: { minimum: { public.orders: \(least) } }
            """, to: "restorable.yml")
        let result = try Restorable.run(["verify", "--json", "--config", config])
        #expect(result.status == status, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains(#""name":"rows-minimum:public.orders""#))
        #expect(result.outputText.contains("were not held against production's"))
    }

    /// The copy is recovered to the end of the base backup, and holds what was committed while that was made.
    @Test func whatWasCommittedMeanwhileIsFresh() throws {
        let production = try ArchivedProduction(settings: ["autovacuum": "off"])
        let base = production.directory.file("slow")
        let server = production.server.server
        try Tool.shell(
            """
            "$1" -D "$2" -d "$3" --no-sync --checkpoint=fast --max-rate=8M --manifest-checksums=NONE & backup=$!
            i=0
            until [ "$("$4" -X -A -t -d "$3 dbname=shop" -c "SELECT count(*) FROM pg_stat_progress_basebackup WHERE phase = 'streaming database files'")" = 1 ]; do
                i=$((i + 1)); [ $i -lt 3000 ] || exit 1
            done
            "$4" -X -q -d "$3 dbname=shop" -c "INSERT INTO orders (id, what) VALUES (4, 'd')" || exit 1
            wait $backup
            """,
            [server.installation.tool("pg_basebackup"), base, server.conninfo(), server.installation.tool("psql")])
        // As if it had taken a year: a label with the same length.
        let label = "\(base)/backup_label"
        try Tool.shell("sed -i 's/^START TIME: 20../START TIME: 2020/' \"$1\"", [label])
        let fresh = try production.verify(["--fresh", "orders.placed_at", "--rpo", "20m"], base: base)
        #expect(fresh.status == 0, "\(fresh.outputText)\(fresh.errorText)")
        #expect(fresh.outputText.contains(#""data_as_of_source":"recovery""#))
    }
}
