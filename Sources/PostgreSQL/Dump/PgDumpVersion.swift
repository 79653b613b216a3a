import Backups
import Processes

/// The version of the pg_dump that is to be run.
enum PgDumpVersion {
    /// - Returns: as `pg_dump --version` says it, without the name: `15.18 (Debian 15.18-0+deb12u1)`.
    /// - Throws: ``Obstacle`` `tools-too-old` when it is older than the server: it would refuse to dump.
    static func check(_ path: String, serverMajor: Int, _ cancellation: Cancellation) throws -> String {
        let result = try ChildProcess.run(Command(path, ["--version"]), cancellation: cancellation)
        let words = result.outputText.split(whereSeparator: \.isWhitespace).drop { !($0.first?.isNumber ?? false) }
        guard result.isSuccess, let major = words.first.flatMap({ Int($0.prefix { $0.isNumber }) }) else {
            throw Obstacle(.toolMissing, "\(path) is not a pg_dump", hint: "apt-get install postgresql-client")
        }
        guard major >= serverMajor else {
            throw Obstacle(
                .toolsTooOld, "pg_dump \(major) can't dump a server of version \(serverMajor)",
                hint: "apt-get install postgresql-client-\(serverMajor)")
        }
        return words.joined(separator: " ")
    }
}
