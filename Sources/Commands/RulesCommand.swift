import ArgumentParser
import Backups
import Reports
import Settings

/// `restorable rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Writes Prometheus alert rules for a configuration.",
        discussion: """
            The rules compare with what the daemon exports of each database's objectives, so that they hold for all of them, \
            and for new ones. With a configuration, groups that none of its databases has a use for are left out; comments at \
            the top say which, and which alerts wait for a key that is missing. Without one, all rules are written.

            RestorableDown asks Prometheus for the job that scrapes the daemon: give --job where it is not called \
            "\(ScrapeJob.standard)". A daemon is then meant to run, and a CronJob that pushes does not stand for it.

            A --label is added to every rule, for Alertmanager's routes; severity replaces the rules' own, but for the \
            watchdog's.

            Examples:
              restorable rules --config /etc/restorable.yml --output /etc/prometheus/rules/restorable.yml
              restorable rules --label team=db --label severity=page
              restorable rules --job backups --config /etc/restorable.yml
              restorable rules --runbook-base-url https://wiki.example.org/runbooks

            Exit status: 0 they are written; 2 they can't be; 64 wrong usage; 70 internal error; 78 wrong configuration.
            """)

    @Option(help: "Configuration file; else RESTORABLE_CONFIG; all rules without either.")
    var config: String?

    @Option(
        help: ArgumentHelp("Label for every rule (repeatable).", valueName: "name=value"),
        transform: { try RuleLabel($0) })
    var label: [RuleLabel] = []

    @Option(
        help: ArgumentHelp("What Prometheus calls the job that scrapes the daemon.", valueName: "name"),
        transform: { try ScrapeJob($0) })
    var job: ScrapeJob?

    @Option(help: ArgumentHelp("Where the runbooks lie, each as ALERT.md.", valueName: "url"), transform: Self.address)
    var runbookBaseUrl: String?

    @Option(help: "Write them to this file, not to standard output.")
    var output: String?

    func validate() throws {
        for (index, one) in label.enumerated() where label[..<index].contains(where: { $0.name == one.name }) {
            throw ValidationError("the label \(one.name) is given twice")
        }
    }

    func run() throws {
        var file = RuleFile(ShippedRules.text)
        if let path = ConfigurationPath.of(config) {
            let databases = try Configuration.load(path: path).databases
            Self.fit(&file, to: RuleNeeds(databases: databases), of: path)
        }
        file.add(label)
        if let job { file.rename(job) }
        if let runbookBaseUrl { file.moveRunbooks(to: runbookBaseUrl) }
        guard let output else { return StandardStream.output.write(file.text) }
        try ReportFile(output, named: "rules").write(file.text)
    }

    private static func fit(_ file: inout RuleFile, to needs: RuleNeeds, of path: String) {
        var lines = ["", "Made by restorable rules \(ToolVersion.current) for \(PrintableText.line(path))."]
        let useless = needs.useless(of: file)
        for group in useless {
            let alerts = file.alerts(of: group).joined(separator: ", ")
            lines.append("Left out, since no database has a use for it: the group \(group) (\(alerts)).")
            file.remove(group: group)
        }
        if !useless.isEmpty { lines.append("Write the rules again when that changes.") }
        let gaps = needs.gaps(of: file.alerts)
        if !gaps.isEmpty { lines += ["Some alerts wait for keys of the configuration:"] + gaps.map { "- \($0)" } }
        file.comment(lines)
    }

    /// Letters of a URI (RFC 3986, 2): nothing that YAML would take for something else.
    private static func address(_ text: String) throws -> String {
        guard text.wholeMatch(of: #/https?:\/\/[A-Za-z0-9._~:\/?#\[\]@!$&'()*+,;=%-]+/#) != nil else {
            throw ValidationError("\"\(text)\" is not a URL that begins with http:// or https://")
        }
        return text
    }
}
