import Backups
import Exposition
import Foundation
import TestSupport
import Testing

@testable import Collectors

/// The page as other people's programs see it: `promtool` of Debian's package prometheus, and the strict OpenMetrics parser
/// of python3-prometheus-client.
@Suite struct ParserTests {
    private static let python = "/usr/bin/python3"
    private static let hasParser = (try? Tool.attempt(python, ["-c", "import prometheus_client"]).status) == 0

    private static let fleets = [SampleFleet.facts, awkward, FleetFacts()]

    /// Names that no one should give a database, and facts that are not numbers.
    private static let awkward = FleetFacts(
        databases: ["a\"b", "c\\", "d\ne", "ü 🐘", "# EOF", "x\u{0}y"].map { name in
            var database = SampleFleet.shop
            database.name = name
            database.verification.checks = [name: true]
            database.catalog?.growth = .nan
            return database
        })

    @Test(arguments: fleets)
    func promtoolHasNothingToSay(facts: FleetFacts) throws {
        let result = try Self.check(Page(facts).text(.text))
        #expect(result.status == 0)
        #expect(result.outputText + result.errorText == "")
    }

    @Test(
        arguments: [
            ("shop_up{database=\"a\"b\"} 1\n", Int32(1)), ("# TYPE shop_up gauge\nshop_up 1\n", 3),
            ("# HELP shop_size_kilobytes S.\n# TYPE shop_size_kilobytes gauge\nshop_size_kilobytes 1\n", 3),
        ])
    func promtoolSeesWhatIsWrong(page: String, status: Int32) throws {
        #expect(try Self.check(page).status == status)
    }

    @Test(.enabled(if: hasParser, "needs Debian's python3-prometheus-client"), arguments: fleets)
    func openMetricsIsParsed(facts: FleetFacts) throws {
        let page = Page(facts)
        let series = page.families.reduce(0) { $0 + $1.samples.filter { !$0.value.isNaN }.count }
        #expect(try Self.parse(page.text(.openMetrics)) == "\(series)\n")
    }

    @Test(.enabled(if: hasParser, "needs Debian's python3-prometheus-client"))
    func openMetricsWithTwoOfAFamilyIsRefused() throws {
        let page = Page(SampleFleet.facts).text(.openMetrics)
        let twice = page.replacing("# EOF\n", with: page)
        #expect(throws: TestFailure.self) { try Self.parse(twice) }
    }

    private static func check(_ page: String) throws -> ToolResult {
        try withFile(page) { try Tool.attempt(MonitoringProgram.path("promtool"), ["check", "metrics"], input: $0) }
    }

    /// The number of samples.
    private static func parse(_ page: String) throws -> String {
        let script = """
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
            print(sum(len(f.samples) for f in parse(open(0, encoding="utf-8", newline="").read())))
            """
        return try withFile(page) { try Tool.run(python, ["-c", script], input: $0).outputText }
    }

    private static func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "collectors-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path(percentEncoded: false))
    }
}
