@testable import Exposition

/// Families of every type, with what is hard to write in labels, help and values.
enum SampleFamilies {
    /// Text that breaks a page where it is not escaped, or shows that too much was.
    static let awkward = [
        "", "plain", "a\\b", "say \"hi\"", "two\nlines", "\\n", "\\\"", "ends with \\", "tab\tand\rreturn",
        "zero\0byte",
        "Grüße, 世界 🐘", "e\u{301}", "\u{FEFF}mark", "\u{2028}", "{a=\"b\"} 1", "# EOF", " ", "\u{7F}\u{85}",
    ]

    static let all = [
        MetricFamily(
            "shop_build_info", "What it was built from.", type: .info,
            samples: [Sample([Label("version", "1.2.3"), Label("revision", "")], 1)]),
        MetricFamily("shop_up", "1 when it is up.", samples: [Sample([], 1)]),
        MetricFamily(
            "shop_size_bytes", "Says \"how much\", a \\ and\na second line.", unit: .bytes,
            samples: [
                Sample([Label("database", "shop"), Label("kind", "logical")], 1_099_511_627_776),
                Sample([Label("database", "C:\\shop \"new\"\n")], 0),
            ]),
        MetricFamily(
            "shop_runs_total", "Runs, by verdict.", type: .counter,
            samples: [Sample([Label("verdict", "verified")], 12), Sample([Label("verdict", "failed")], 0)]),
        MetricFamily(
            "shop_waited_seconds_total", "Time waited.", type: .counter, unit: .seconds, samples: [Sample([], 0.125)]),
        MetricFamily("shop_growth_bytes_per_second", "Growth.", unit: .bytesPerSecond, samples: [Sample([], -12.5)]),
        MetricFamily("shop_nothing_known", "No value.", samples: []),
        MetricFamily("shop_not_a_number", "No value either.", samples: [Sample([], .nan)]),
        MetricFamily(
            "shop_some_known", "One value of two.",
            samples: [Sample([Label("n", "1")], .nan), Sample([Label("n", "2")], .infinity)]),
    ]

    static func text(_ families: [MetricFamily], _ format: ExpositionFormat) -> String {
        String(decoding: ExpositionEncoder.encode(families, as: format), as: UTF8.self)
    }
}
