import Foundation
import TestSupport
import Testing

@testable import Exposition

/// Reads our pages with the parsers of Debian's python3-prometheus-client, which are not ours: every label value and every
/// number must come back as it went in.
@Suite(.enabled(if: PythonParser.isInstalled, "needs Debian's python3-prometheus-client")) struct PythonParserTests {
    @Test(arguments: ExpositionFormat.allCases)
    func readsTheSampleFamilies(format: ExpositionFormat) throws {
        #expect(
            try PythonParser.samples(of: SampleFamilies.all, format) == PythonParser.expected(SampleFamilies.all))
    }

    @Test(arguments: ExpositionFormat.allCases)
    func everyLabelValueComesBack(format: ExpositionFormat) throws {
        let samples = SampleFamilies.awkward.enumerated().map { index, text in
            Sample([Label("text", text), Label("n", "\(index)")], Double(index))
        }
        let families = [MetricFamily("awkward", "Awkward.", samples: samples)]
        #expect(try PythonParser.samples(of: families, format) == PythonParser.expected(families))
    }

    @Test(arguments: ExpositionFormat.allCases)
    func everyNumberComesBack(format: ExpositionFormat) throws {
        var generator = SystemRandomNumberGenerator()
        let values = (0..<500).map { _ in Double(bitPattern: generator.next()) }.filter { !$0.isNaN }
        let samples =
            (values + [
                .pi, 1e15, 123_456_789.25, -0x1p53, 0x1p53 + 2, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
            ])
            .enumerated().map { Sample([Label("n", "\($0)")], $1) }
        let families = [MetricFamily("number", "Numbers.", samples: samples)]
        #expect(try PythonParser.samples(of: families, format) == PythonParser.expected(families))
    }

    @Test func aPageWithoutItsEndIsRefused() throws {
        let page = SampleFamilies.text(SampleFamilies.all, .openMetrics).replacing("# EOF\n", with: "")
        #expect(throws: TestFailure.self) { try PythonParser.samples(in: page, .openMetrics) }
    }
}

enum PythonParser {
    private static let python = "/usr/bin/python3"

    static let isInstalled = (try? Tool.attempt(python, ["-c", "import prometheus_client"]).status) == 0

    /// A line for each sample: its name, labels with the bytes of their values in hexadecimal, the bits of its value.
    private static let script = """
        import importlib, struct, sys
        parser = importlib.import_module(sys.argv[1])
        text = open(0, encoding="utf-8", newline="").read()
        for family in parser.text_string_to_metric_families(text):
            for s in family.samples:
                labels = ",".join(sorted(k + "=" + v.encode().hex() for k, v in s.labels.items()))
                print(s.name, "{" + labels + "}", struct.pack(">d", s.value).hex())
        """

    static func samples(of families: [MetricFamily], _ format: ExpositionFormat) throws -> [String] {
        try samples(in: SampleFamilies.text(families, format), format)
    }

    static func samples(in page: String, _ format: ExpositionFormat) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: "exposition-\(UUID().uuidString)")
        try Data(page.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let module = "prometheus_client.\(format == .text ? "" : "openmetrics.")parser"
        let result = try Tool.run(python, ["-c", script, module], input: file.path(percentEncoded: false))
        return result.outputText.split(separator: "\n").map(String.init)
    }

    static func expected(_ families: [MetricFamily]) -> [String] {
        families.flatMap { family in
            family.samples.filter { !$0.value.isNaN }.map { sample in
                let labels = sample.labels.filter { !$0.value.isEmpty }.map { "\($0.name)=\(hex($0.value.utf8))" }
                let bits = withUnsafeBytes(of: (sample.value == 0 ? 0 : sample.value).bitPattern.bigEndian) { hex($0) }
                return "\(family.name) {\(labels.sorted().joined(separator: ","))} \(bits)"
            }
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", Int($0)) }.joined()
    }
}
