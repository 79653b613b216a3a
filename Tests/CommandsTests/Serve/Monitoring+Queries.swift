import Foundation
import TestSupport

/// What Prometheus answers (https://prometheus.io/docs/prometheus/latest/querying/api/).
extension Monitoring {
    /// The value of each series that an expression gives now.
    /// - Throws: ``TestFailure`` for an expression that Prometheus refuses.
    func values(_ expression: String) throws -> [Double] {
        struct Found: Decodable {
            let result: [Series]
        }
        struct Series: Decodable {
            let value: Sample
        }
        struct Sample: Decodable {
            let value: Double

            /// A pair of seconds and text.
            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                _ = try pair.decode(Double.self)
                value = Double(try pair.decode(String.self)) ?? .nan
            }
        }
        let found: Found = try ask("query", ["query": expression])
        return found.result.map(\.value.value)
    }

    /// What Grafana asks for `label_values(selector, label)`.
    func labelValues(_ label: String, of selector: String) throws -> [String] {
        try ask("label/\(label)/values", ["match[]": selector])
    }

    /// The names of all series that there are.
    func names() throws -> Set<String> { Set(try ask("label/__name__/values", [:]) as [String]) }

    struct Rule: Decodable {
        let name: String
        let query: String
        /// `ok` once it was evaluated.
        let health: String
    }

    func rules() throws -> [Rule] {
        struct Groups: Decodable {
            let groups: [Group]
        }
        struct Group: Decodable {
            let rules: [Rule]
        }
        let found: Groups = try ask("rules", [:])
        return found.groups.flatMap(\.rules)
    }

    private func ask<Payload: Decodable>(_ what: String, _ parameters: [String: String]) throws -> Payload {
        let text = try Tool.run(
            "curl",
            ["--silent", "--globoff", "--max-time", "5", "--get"]
                + parameters.flatMap { ["--data-urlencode", "\($0)=\($1)"] } + ["\(prometheusURL)/api/v1/\(what)"])
        let answer = try JSONDecoder().decode(PrometheusAnswer<Payload>.self, from: Data(text.output))
        guard let data = answer.data else { throw TestFailure("\(what) \(parameters): \(answer.error ?? "no data")") }
        return data
    }
}

private struct PrometheusAnswer<Payload: Decodable>: Decodable {
    let data: Payload?
    let error: String?
}
