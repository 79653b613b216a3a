package import Backups
import Processes

/// Holds every page of a cluster that was shut down against its checksum, by `pg_checksums`.
package struct PageChecksums {
    private static let name = "pages"

    private let scratch: PreparedScratch
    private let installation: Installation

    package init(scratch: PreparedScratch, installation: Installation) {
        self.scratch = scratch
        self.installation = installation
    }

    /// - Throws: ``Obstacle`` when they could not be looked at.
    package func check() throws -> Check {
        let result = try scratch.run("pg_checksums", ["--check", "-D", scratch.directory.data], of: installation)
        let said = result.outputText.split(separator: "\n").map(String.init)
        let bad = result.errorText.split(separator: "\n").filter { $0.contains("checksum verification failed") }
        if !bad.isEmpty {
            return .failed(
                Self.name, in: .checksums, .checksumMismatch,
                bad.count == 1
                    ? "1 page of the recovered copy does not have the checksum that it carries"
                    : "\(bad.count) pages of the recovered copy do not have the checksum that they carry",
                hint: "The pages were damaged before they were backed up, or in the backup: look at production with "
                    + "pg_amcheck, and at its disk.",
                details: bad.prefix(20).map(String.init))
        }
        guard result.isSuccess else {
            throw Obstacle(
                .unexplainedError, "pg_checksums ended with \(result.end): \(result.errorText.trimmed)")
        }
        let blocks = said.first { $0.hasPrefix("Blocks scanned:") }?.split(separator: " ").last.map(String.init)
        return .verified(
            Self.name, in: .checksums, "all \(blocks.map { "\($0) " } ?? "")pages have the checksum that they carry")
    }
}
