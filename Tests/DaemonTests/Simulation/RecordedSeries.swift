import TestSupport

/// What Prometheus would have scraped, minute by minute, as input series of `promtool test rules`.
///
/// Its tests begin at 1970: timestamps in values are moved by as much as the simulation begins later, so that they lie as far
/// from `time()` as they did. Format: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
struct RecordedSeries {
    /// The values of one series, equal ones in a row taken together.
    private struct Values {
        private(set) var runs: [(value: String, count: Int)] = []
        private(set) var minutes: Int

        /// - Parameter minutes: that have passed without it.
        init(after minutes: Int) {
            self.minutes = minutes
            if minutes > 0 { runs.append(("_", minutes)) }
        }

        mutating func add(_ value: String) {
            minutes += 1
            guard runs.last?.value == value else { return runs.append((value, 1)) }
            runs[runs.count - 1].count += 1
        }

        /// Over at once, as after a scrape that did not hold it: a stale mark stands once.
        mutating func end() { add(["stale", "_"].contains(runs.last?.value) ? "_" : "stale") }
    }

    private static let target = #"instance="restorable:9988",job="restorable""#

    private let beginning: Double
    private var series: [String: Values] = [:]
    private var minutes = 0
    private var lastPage: String?
    private var lastLines: [Substring] = []
    private var lastSamples: [(name: String, value: String)] = []

    /// - Parameter beginning: seconds since 1970 of the first minute.
    init(beginning: Int64) {
        self.beginning = Double(beginning)
    }

    /// - Parameter page: `nil` for a scrape without an answer.
    mutating func record(_ page: String?) throws {
        if page != lastPage || page == nil {
            let lines = (page ?? "").split(separator: "\n").filter { $0.first != "#" }
            // Most lines are those of the minute before, in the same place.
            lastSamples = try lines.enumerated().map { index, line in
                index < lastLines.count && lastLines[index] == line ? lastSamples[index] : try sample(line)
            }
            lastLines = lines
            lastPage = page
        }
        for (name, value) in lastSamples + [("up{\(Self.target)}", page == nil ? "0" : "1")] {
            series[name, default: Values(after: minutes)].add(value)
        }
        minutes += 1
        for index in series.values.indices where series.values[index].minutes < minutes { series.values[index].end() }
    }

    private func sample(_ line: Substring) throws -> (name: String, value: String) {
        guard let space = line.lastIndex(of: " "), let number = Double(line[line.index(after: space)...]) else {
            throw TestFailure("no sample: \(line)")
        }
        let name = line[..<space]
        let family = name.prefix { $0 != "{" }
        let labels = name.dropFirst(family.count + 1).dropLast()
        let value = family.hasSuffix("_timestamp_seconds") ? number - beginning : number
        return ("\(family){\(labels.isEmpty ? "" : labels + ",")\(Self.target)}", Self.text(value))
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }

    /// `input_series` of a test with an interval of a minute.
    var yaml: String {
        series.sorted { $0.key < $1.key }.map { name, recorded in
            let values = recorded.runs.map { run in
                run.value == "_" || run.value == "stale" || run.count == 1
                    ? Array(repeating: run.value, count: run.count).joined(separator: " ")
                    : "\(run.value)x\(run.count - 1)"
            }
            return "      - series: '\(name)'\n        values: '\(values.joined(separator: " "))'\n"
        }.joined()
    }
}
