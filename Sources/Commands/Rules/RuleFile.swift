import Backups

/// A file of alert rules as the lines of its groups, so that its comments stay where they are.
///
/// It reads the form that `alerts/restorable.rules.yml` has, and no other YAML: groups at two blanks, rules at six, the
/// labels of each in a block of their own.
struct RuleFile: Equatable {
    struct Group: Equatable {
        let name: String
        var lines: [String]
    }

    /// Comments before the groups.
    private(set) var head: [String]
    private(set) var groups: [Group] = []

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = lines.firstIndex(of: "groups:") ?? lines.endIndex
        head = Array(lines[..<start])
        // What a comment above a group says belongs to it.
        var above: [String] = []
        for line in lines[start...].dropFirst() {
            if let name = line.after("  - name: ") {
                groups.append(Group(name: name, lines: above + [line]))
                above = []
            } else if line.isEmpty || line.hasPrefix("  #") {
                above.append(line)
            } else if !groups.isEmpty {
                groups[groups.count - 1].lines += above + [line]
                above = []
            }
        }
    }

    /// Ends with a newline.
    var text: String {
        var body = groups.flatMap(\.lines)
        // A group that was the first no more begins with the blank line between groups.
        if body.first?.isEmpty == true { body.removeFirst() }
        return (head + ["groups:"] + body).joined(separator: "\n") + "\n"
    }

    /// The names of all alerts.
    var alerts: [String] { groups.flatMap { $0.lines.compactMap { $0.after(Self.alert) } } }

    /// The names of the alerts of a group.
    func alerts(of group: String) -> [String] {
        groups.filter { $0.name == group }.flatMap { $0.lines.compactMap { $0.after(Self.alert) } }
    }

    mutating func remove(group: String) {
        groups.removeAll { $0.name == group }
    }

    mutating func comment(_ lines: [String]) {
        head += lines.map { $0.isEmpty ? "#" : "# \($0)" }
    }

    /// Adds labels to every rule; one that the rule has already is replaced. The watchdog keeps its severity: it always
    /// fires, and who is paged by it is paged for ever.
    mutating func add(_ labels: [RuleLabel]) {
        for index in groups.indices { groups[index].lines = Self.adding(labels, to: groups[index].lines) }
    }

    /// Has the runbooks lie below `base`.
    mutating func moveRunbooks(to base: String) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        for group in groups.indices {
            for line in groups[group].lines.indices {
                let text = groups[group].lines[line]
                guard let url = text.after(Self.runbook), let slash = url.lastIndex(of: "/") else { continue }
                groups[group].lines[line] = Self.runbook + base + url[slash...]
            }
        }
    }

    /// Has the rules ask for another scrape job than ``ScrapeJob/standard``.
    mutating func rename(_ job: ScrapeJob) {
        let (former, new) = ("job=\"\(ScrapeJob.standard)\"", "job=\(job.quoted)")
        head = head.map { $0.replacing("`\(ScrapeJob.standard)`", with: "`\(job.name)`") }
        for group in groups.indices {
            groups[group].lines = groups[group].lines.map { $0.replacing(former, with: new) }
        }
    }

    private static let alert = "      - alert: "
    private static let labels = "        labels:"
    private static let runbook = "          runbook_url: "
    private static let watchdog = "Watchdog"

    private static func adding(_ labels: [RuleLabel], to lines: [String]) -> [String] {
        var output: [String] = []
        var new: [RuleLabel] = []
        var rest = lines[...]
        while let line = rest.popFirst() {
            output.append(line)
            if let name = line.after(alert) { new = labels.filter { $0.name != "severity" || name != watchdog } }
            guard line == Self.labels else { continue }
            while let label = rest.first, label.hasPrefix("          ") {
                rest.removeFirst()
                let name = label.drop { $0 == " " }.prefix { $0 != ":" }
                if !new.contains(where: { $0.name == name }) { output.append(label) }
            }
            output += new.map { "          \($0.name): \(JSONValue.string($0.value).text)" }
        }
        return output
    }
}

extension String {
    /// What follows `prefix`; `nil` for a text that does not begin so.
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
