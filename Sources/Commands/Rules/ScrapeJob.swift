import ArgumentParser
import Reports

/// What Prometheus' configuration calls the job that scrapes the daemon: the `job` label of its `up`.
struct ScrapeJob: Equatable {
    static let standard = "restorable"

    let name: String

    /// Any name but one that would have to be escaped within PromQL's quotes or break a line of the file.
    init(_ name: String) throws {
        let isPlain =
            !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control && !["\"", "\\", "`"].contains($0)
            }
        guard isPlain, name.first != " ", name.last != " " else {
            throw ValidationError("\"\(PrintableText.line(name))\" is no name of a scrape job")
        }
        self.name = name
    }

    /// As a string of PromQL.
    var quoted: String { "\"\(name)\"" }
}
