import Backups
import Settings
import TestSupport

/// A directory with files that are an hour old, and entries of a configuration about it.
struct BackupFolder {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    func add(_ names: String...) throws { try add(names) }

    func add(_ names: [String]) throws {
        for start in stride(from: 0, to: names.count, by: 500) {
            let paths = names[start..<min(start + 500, names.count)].map { directory.file("backups/\($0)") }
            try Tool.shell(
                #"for f; do mkdir -p "$(dirname "$f")"; done; for f; do echo x > "$f"; done; touch -d '1 hour ago' "$@""#,
                paths)
        }
    }

    func remove(_ name: String) throws { try Tool.run("rm", [directory.file("backups/\(name)")]) }

    /// - Parameter entries: lines of YAML; `LOCATION` stands for the directory.
    func configuration(_ entries: String...) throws -> Configuration { try configuration(entries) }

    func configuration(_ entries: [String]) throws -> Configuration {
        let text = """
            history: \(directory.file("history.sqlite"))
            databases:
            \(entries.map { "  - " + $0.replacing("LOCATION", with: directory.file("backups")) }.joined(separator: "\n"))
            """
        return try Configuration.parse(text, file: "test.yml")
    }

    static let entry =
        #"{ name: "{database}", backups: { location: LOCATION, match: "**/{database}-*.sql" }, suspend: true }"#
}
