import Foundation
import TestSupport
import Testing

/// `restorable rules`, held against promtool.
@Suite struct RulesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../alerts/restorable.rules.yml").path

    private func configuration(_ more: String) throws -> String {
        try directory.write(
            "databases:\n  - { name: shop, backups: { location: /b }\(more) }\n  - { name: cut, backups: { location: /b } }\n",
            to: "restorable.yml")
    }

    /// Runs `rules`; promtool must take what it wrote.
    private func rules(_ arguments: [String]) throws -> String {
        let result = try Restorable.run(["rules"] + arguments)
        #expect(result.status == 0, "\(result.errorText)")
        let file = try directory.write(result.outputText, to: "rules.yml")
        let check = try Tool.attempt(MonitoringProgram.path("promtool"), ["check", "rules", file])
        #expect(check.status == 0, "\(check.outputText)\(check.errorText)")
        return result.outputText
    }

    /// `alert severity team runbook` of each rule, as a YAML reader sees them.
    private func facts() throws -> [[String]] {
        let script = """
            import sys, yaml
            for group in yaml.safe_load(open(sys.argv[1]))["groups"]:
                for rule in group["rules"]:
                    labels = rule["labels"]
                    print(rule["alert"], labels["severity"], labels.get("team", "-"), rule["annotations"]["runbook_url"])
            """
        return try CheckerProgram.python(script, [directory.file("rules.yml")]).outputText.split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
    }

    @Test func withoutAConfigurationTheRulesAreThoseThatAreShipped() throws {
        #expect(try rules([]) == TestFile.text(Self.shipped))
    }

    @Test func everyRuleHasTheLabelsAndItsRunbook() throws {
        _ = try rules([
            "--label", "severity=page", "--label", "team=d:b", "--runbook-base-url", "https://wiki.example.org/r/",
        ])
        let facts = try facts()
        #expect(facts.count > 15)
        for rule in facts {
            #expect(rule[1] == (rule[0] == "Watchdog" ? "none" : "page"))
            #expect(rule[2] == "d:b")
            #expect(rule[3] == "https://wiki.example.org/r/\(rule[0]).md")
        }
    }

    @Test func rulesThatNoDatabaseHasAUseForAreLeftOutAndNamed() throws {
        let without = try rules(["--config", configuration(", objectives: { rpo: 24h }")])
        #expect(!without.contains("- alert: WALArchivingLag"))
        #expect(
            without.contains(
                "\n# Left out, since no database has a use for it: the group postgresql (PostgresUnreachable,"))
        #expect(without.contains("\n# - RecoveryPointExceeded needs objectives.rpo, not given for cut\n"))
        #expect(without.contains("\n# - BackupOverdue needs objectives.backup_every, which no database has\n"))
        // It waits for its objective, and fires as soon as there is one.
        #expect(without.contains("- alert: BackupOverdue"))

        #expect(
            without.contains("\n# Left out, since no database has a use for it: the group drills (RecoveryDrillFailed,")
        )

        let drilled = ", connection: service=shop, wal_archive: { location: /w }, drill: {}"
        let with = try rules(["--config", configuration(drilled)])
        #expect(with.contains("- alert: RecoveryDrillFailed"))
        #expect(with.contains("\n# - RecoveryDrillFailed needs drill, not given for cut\n"))
        #expect(with.contains("- alert: WALArchivingLag"))
        #expect(!with.contains("Left out"))
        #expect(!with.contains("Write the rules again"))
        #expect(with.contains("\n# - WALArchivingLag needs connection and objectives.wal_lag, which no database has\n"))
        #expect(with.contains("\n# - PostgresUnreachable needs connection, not given for cut\n"))
        let disk = try rules(["--config", configuration(", disk: { path: /var/lib/postgresql }")])
        #expect(disk.contains("- alert: DatabaseDiskFull"))
    }

    /// A daemon that is scraped under another name alarms when it is down, and nothing else does.
    @Test(arguments: ["backup checks/0", "d'é{{x}}: #"]) func theScrapeJobHasTheNameThatIsGiven(job: String) throws {
        let text = try rules(["--job", job])
        #expect(!text.contains(#"job="restorable""#) && text.contains("the scrape job is called `\(job)`."))
        // A string of YAML, as JSON writes it.
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }
        for (scraped, isDown, alerts) in [(job, true, 1), (job, false, 0), ("restorable", false, 1)] {
            let test = """
                rule_files: [rules.yml]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - series: \(quoted("up{instance=\"a\",job=\"\(scraped)\"}"))
                        values: "\(isDown ? 0 : 1)x30"
                      # Pushes of a CronJob do not stand for a daemon that has a name.
                      - series: \(quoted("push_time_seconds{job=\"restorable\"}"))
                        values: 1x30
                    promql_expr_test:
                      - expr: count(ALERTS{alertname="RestorableDown",alertstate="firing"}) or vector(0)
                        eval_time: 20m
                        exp_samples: [{ labels: "{}", value: \(alerts) }]
                """
            let file = try directory.write(test, to: "rules.test.yml")
            let result = try Tool.attempt(MonitoringProgram.path("promtool"), ["test", "rules", file])
            #expect(result.status == 0, "\(scraped), \(isDown): \(result.outputText)\(result.errorText)")
        }
        // Its own name changes nothing.
        #expect(try rules(["--job", "restorable"]) == TestFile.text(Self.shipped))
    }

    @Test func aNameCantWriteItsOwnRules() throws {
        let file = try directory.write(
            #"databases: [{ name: "a\ngroups: []", backups: { location: /b } }, { name: b, objectives: { rpo: 1h }, backups: { location: /b } }]"#,
            to: "restorable.yml")
        #expect(try rules(["--config", file]).contains(#"not given for a\ngroups: []"#))
        #expect(try facts().count > 10)
    }

    @Test func theyAreWrittenToAFileWhole() throws {
        let file = directory.file("out.yml")
        #expect(try Restorable.run(["rules", "--output", file]).outputText == "")
        #expect(try TestFile.text(file) == TestFile.text(Self.shipped))
        let nowhere = try Restorable.run(["rules", "--output", "/nonexistent/out.yml"])
        #expect(nowhere.status == 2)
        #expect(nowhere.errorText.contains("the rules can't be written to /nonexistent/out.yml"))
    }

    @Test(arguments: [
        ["--label", "team"], ["--label", "alertname=x"], ["--label", "a=1", "--label", "a=2"],
        ["--job", ""], ["--job", " a"], ["--job", "a\"b"], ["--job", "a\nb"], ["--job", "a\\b"],
        ["--runbook-base-url", "wiki"], ["--runbook-base-url", "https://x/\ny"],
    ])
    func wrongUseIs64(arguments: [String]) throws {
        #expect(try Restorable.run(["rules"] + arguments).status == 64)
    }

    @Test func aWrongConfigurationIs78() throws {
        let file = try directory.write("databases: []\nnme: x\n", to: "bad.yml")
        #expect(try Restorable.run(["rules", "--config", file]).status == 78)
    }
}
