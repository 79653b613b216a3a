import ArgumentParser

/// How results are told.
struct ReportOptionGroup: ParsableArguments {
    @Flag(help: "Print one JSON object per backup and line.")
    var json = false

    @Option(help: "Write one self-contained HTML file.")
    var report: String?

    @Flag(name: .shortAndLong, help: "Show every table, every statement, every detail.")
    var verbose = false
}
