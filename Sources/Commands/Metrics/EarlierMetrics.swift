import Backups

/// What the run before this one told Prometheus: the file that is replaced, or the group of a Pushgateway. A run that ends
/// has no other memory.
struct EarlierMetrics {
    private struct Series {
        let labels: [String: String]
        let value: Double
    }

    /// By database and metric.
    private var databases: [String: [String: [Series]]] = [:]

    init() {}

    /// - Parameter text: format 0.0.4. Whatever is not one of our lines is passed over.
    init(_ text: String) {
        for line in text.split(separator: "\n") where line.hasPrefix("backup_") {
            guard let (name, labels, value) = Self.parse(line), let database = labels["database"],
                labels["job"] ?? Pushgateway.job == Pushgateway.job
            else { continue }
            databases[database, default: [:]][name, default: []].append(Series(labels: labels, value: value))
        }
    }

    /// As far as a one-shot run tells it; empty where it told nothing.
    func facts(of database: String) -> VerificationFacts {
        var facts = VerificationFacts()
        guard let metrics = databases[database] else { return facts }
        func number(_ name: String) -> Double? {
            metrics[name]?.first?.value.finite
        }
        func time(_ name: String) -> Timestamp? {
            number("\(name)_timestamp_seconds").map { Timestamp(microseconds: Int64(($0 * 1_000_000).rounded())) }
        }
        func count(_ name: String) -> UInt64? { number(name).flatMap { $0 < 0 ? nil : UInt64($0) } }
        func chosen(_ name: String, _ label: String) -> String? {
            metrics[name]?.first { $0.value == 1 }?.labels[label]
        }
        facts.status = chosen("backup_verification_status", "status").flatMap { Verdict(rawValue: $0) }
        facts.statusSince = time("backup_verification_status_since")
        facts.proof = chosen("backup_verification_proof", "proof").flatMap { Proof(rawValue: $0) } ?? .none
        facts.knownBad = count("backup_known_bad_backups").map { Int($0) } ?? 0
        facts.lastRun = time("backup_verification_last_run")
        facts.lastSuccess = time("backup_verification_last_success")
        facts.verifiedBackupTime = time("backup_verified_backup")
        facts.freshness = time("backup_data_freshness")
        facts.mismatchedTables = count("backup_mismatched_tables").map { Int($0) }
        for series in metrics["backup_check_success"] ?? [] {
            if let check = series.labels["check"] { facts.checks[check] = series.value == 1 }
        }
        facts.restored = number("backup_restore_duration_seconds").map {
            RestoredFacts(
                seconds: $0, bytes: count("backup_restored_bytes"), rows: count("backup_restored_rows"),
                tables: count("backup_restored_tables"))
        }
        return facts
    }

    /// `name{label="value",…} number`; in values a backslash escapes itself, a quote and, as `n`, the end of a line
    /// (https://prometheus.io/docs/instrumenting/exposition_formats/).
    private static func parse(_ line: Substring) -> (name: String, labels: [String: String], value: Double)? {
        let name = line.prefix { $0 != "{" && $0 != " " }
        var rest = line[name.endIndex...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while let first = rest.first, first != "}" {
                let label = rest.prefix { $0 != "=" }
                rest = rest[label.endIndex...].dropFirst()
                guard rest.first == "\"", let value = quoted(&rest) else { return nil }
                labels[String(label)] = value
                if rest.first == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        guard let number = rest.split(separator: " ").first.flatMap({ Double($0) }) else { return nil }
        return (String(name), labels, number)
    }

    /// Takes a text in quotes from the beginning of `rest`.
    private static func quoted(_ rest: inout Substring) -> String? {
        var text = ""
        var isEscaped = false
        for index in rest.indices.dropFirst() {
            let character = rest[index]
            if isEscaped {
                text.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                rest = rest[rest.index(after: index)...]
                return text
            } else {
                text.append(character)
            }
        }
        return nil
    }
}

extension Double {
    /// Itself where an integer can hold it, and its millionths.
    fileprivate var finite: Double? { abs(self) < 9e12 ? self : nil }
}
