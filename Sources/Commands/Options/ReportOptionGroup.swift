import ArgumentParser

/// How results are told.
struct ReportOptionGroup: ParsableArguments {
    @Flag(help: "Print one JSON object per backup and line.")
    var json = false

    @Option(help: "Write one self-contained HTML file.")
    var report: String?

    @Option(help: "Write the verification metrics of configured databases to this file, for a textfile collector.")
    var metricsFile: String?

    @Option(help: ArgumentHelp("Push the same to this Pushgateway.", valueName: "url"))
    var pushgateway: String?

    var wantsMetrics: Bool { metricsFile != nil || pushgateway != nil }

    @Flag(name: .shortAndLong, help: "Show every table, every statement, every detail.")
    var verbose = false
}
