import Foundation
import Testing

@testable import Exposition

@Suite struct ExpositionEncoderTests {
    @Test(arguments: [(ExpositionFormat.text, "families.txt"), (.openMetrics, "families.openmetrics")])
    func writesTheGoldenFile(format: ExpositionFormat, file: String) throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(file)")
        #expect(SampleFamilies.text(SampleFamilies.all, format) == (try String(contentsOf: path, encoding: .utf8)))
    }

    @Test(arguments: [
        (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (10, "10"), (1_763_697_600, "1763697600"),
        (1_763_697_600.123456, "1763697600.123456"), (0.1, "0.1"), (1e-7, "1e-07"), (-2.5, "-2.5"),
        (9_007_199_254_740_992, "9007199254740992"), (-9_007_199_254_740_992, "-9007199254740992"),
        (1e18, "1e+18"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.leastNonzeroMagnitude, "5e-324"),
    ])
    func writesNumbers(value: Double, text: String) {
        var bytes: [UInt8] = []
        bytes.append(number: value)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("plain", "plain", "plain"), ("a\\b", #"a\\b"#, #"a\\b"#), ("a\nb", #"a\nb"#, #"a\nb"#),
        ("a\"b", #"a"b"#, #"a\"b"#), ("\\n", #"\\n"#, #"\\n"#), ("", "", ""),
        ("\\\"\n", #"\\"\n"#, #"\\\"\n"#),
    ])
    func escapes(text: String, withoutQuotes: String, withQuotes: String) {
        var (without, with): ([UInt8], [UInt8]) = ([], [])
        without.append(escaped: text, withQuotes: false)
        with.append(escaped: text, withQuotes: true)
        #expect(String(decoding: without, as: UTF8.self) == withoutQuotes)
        #expect(String(decoding: with, as: UTF8.self) == withQuotes)
    }

    @Test func anEmptyPageIsValid() {
        #expect(SampleFamilies.text([], .text) == "")
        #expect(SampleFamilies.text([], .openMetrics) == "# EOF\n")
    }

    @Test(arguments: [
        (MetricFamily("runs", "h", type: .counter, samples: [Sample([], 1)]), "unknown", "runs"),
        (MetricFamily("_total", "h", type: .counter, samples: [Sample([], 1)]), "unknown", "_total"),
        (MetricFamily("shop", "h", type: .info, samples: [Sample([], 1)]), "unknown", "shop"),
        (MetricFamily("runs_total", "h", type: .counter, samples: [Sample([], 1)]), "counter", "runs"),
    ])
    func aFamilyThatIsNotNamedForItsTypeHasNone(family: MetricFamily, type: String, name: String) {
        #expect(
            SampleFamilies.text([family], .openMetrics)
                == "# HELP \(name) h\n# TYPE \(name) \(type)\n\(family.name) 1\n# EOF\n")
    }

    @Test(arguments: [
        ("size_bytes", MetricType.gauge, MetricUnit.bytes, true), ("size", .gauge, .bytes, false),
        ("bytes", .gauge, .bytes, false), ("sizebytes", .gauge, .bytes, false),
        ("size_bytes_total", .counter, .bytes, true), ("size_total_bytes", .counter, .bytes, true),
        ("size_bytes_info", .info, .bytes, false), ("growth_bytes_per_second", .gauge, .bytesPerSecond, true),
    ])
    func aUnitIsWrittenOnlyWhereTheNameEndsWithIt(name: String, type: MetricType, unit: MetricUnit, isWritten: Bool) {
        let family = MetricFamily(name, "h", type: type, unit: unit, samples: [Sample([], 1)])
        #expect(SampleFamilies.text([family], .openMetrics).contains("# UNIT") == isWritten)
        #expect(!SampleFamilies.text([family], .text).contains("# UNIT"))
    }
}
