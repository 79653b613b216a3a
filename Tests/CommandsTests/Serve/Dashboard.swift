import Foundation
import TestSupport

/// A dashboard of `dashboards/`, as far as it asks Prometheus for something.
struct Dashboard: Decodable {
    struct Query {
        /// Where it stands.
        let panel: String
        let expression: String
    }

    private struct Templating: Decodable {
        let list: [Variable]
    }

    struct Variable: Decodable {
        let name: String
        let type: String
        /// `label_values(SELECTOR, LABEL)`.
        let query: VariableQuery
        /// The same, as the editor shows it.
        let definition: String?
    }

    /// What Grafana sends: a text, or an object that holds it.
    struct VariableQuery: Decodable {
        private enum Key: String, CodingKey {
            case query
        }

        let text: String

        init(from decoder: any Decoder) throws {
            if let object = try? decoder.container(keyedBy: Key.self) {
                text = try object.decode(String.self, forKey: .query)
            } else {
                text = try decoder.singleValueContainer().decode(String.self)
            }
        }
    }

    private struct Panel: Decodable {
        let title: String?
        let targets: [Target]?
        let panels: [Panel]?

        var queries: [Query] {
            (targets ?? []).map { Query(panel: title ?? "", expression: $0.expr) } + (panels ?? []).flatMap(\.queries)
        }
    }

    private struct Target: Decodable {
        let expr: String
    }

    private let templating: Templating
    private let panels: [Panel]

    /// - Parameter name: of the file, without `.json`.
    static func shipped(_ name: String) throws -> Dashboard {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../dashboards/\(name).json").path
        return try JSONDecoder().decode(Dashboard.self, from: Data(TestFile.read(path)))
    }

    /// Those that ask Prometheus for their values.
    var variables: [Variable] { templating.list.filter { $0.type == "query" } }

    var queries: [Query] { panels.flatMap(\.queries) }

    /// `text` with `$name` and `${name}` replaced as Grafana does it: several values become one regular expression.
    static func filled(_ text: String, _ values: [String: [String]]) throws -> String {
        var missing: [String] = []
        let filled = text.replacing(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/) { match in
            let name = String(match.1 ?? match.2 ?? "")
            guard let found = values[name], let first = found.first else {
                missing.append(name)
                return ""
            }
            // In a string of PromQL a backslash has to be doubled once more.
            let escaped = found.map { $0.replacing(/[\\^$.*+?()\[\]{}|]/) { "\\\\\($0.0)" } }
            return found.count == 1 ? (escaped.first ?? first) : "(\(escaped.joined(separator: "|")))"
        }
        guard missing.isEmpty else { throw TestFailure("no value for \(missing) in \(text)") }
        return filled
    }
}
