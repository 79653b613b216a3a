import ArgumentParser
import Backups
import Logging

/// How this process talks about itself, on standard error.
struct LogOptions: ParsableArguments {
    @Option(help: "Logs as text or json, on standard error.")
    var logFormat: StandardErrorLog.Format = .text

    @Option(
        help: "trace, debug, info, notice, warning, error or critical; warning if not said, notice for serve.",
        transform: Self.level)
    var logLevel: Logger.Level?

    /// Call once in the life of the process.
    /// - Parameter level: in force where no option says another.
    func makeLogger(level: Logger.Level = .warning) -> Logger {
        Logger(label: "restorable") { label in
            StandardErrorLog(label: label, format: logFormat, logLevel: logLevel ?? level)
        }
    }

    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError("\"\(text)\" is not trace, debug, info, notice, warning, error or critical")
        }
        return level
    }
}

extension StandardErrorLog.Format: ExpressibleByArgument {}
