import Backups
import Logging
import Reports

/// Writes each event as one line on standard error.
struct StandardErrorLog: LogHandler {
    enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    let label: String
    let format: Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// A line of progress may stand where the event goes.
    private var wipe: String { StandardStream.error.canRedraw ? "\r\u{1B}[K" : "" }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let suffix = values.map { " \($0.key)=\(PrintableText.line("\($0.value)"))" }.joined()
            // A hint, and each problem of a configuration, comes on a line of its own; a log's line is one event.
            let lines = "\(event.message)".split(whereSeparator: \.isNewline)
            let message = PrintableText.line(lines.joined(separator: "; "))
            StandardStream.error.write("\(wipe)\(Timestamp.now()) \(event.level.rawValue) \(message)\(suffix)\n")
        case .json:
            let members: [JSONValue.Member] =
                [
                    .init("time", .string("\(Timestamp.now())")), .init("level", .string(event.level.rawValue)),
                    .init("message", .string("\(event.message)")),
                ] + values.map { .init($0.key, .string("\($0.value)")) }
            StandardStream.error.write(wipe + JSONValue.object(members).text + "\n")
        }
    }
}
