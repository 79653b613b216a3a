import Backups
import Integrity
import Processes

/// How a program of barman-cloud failed: its exit status is of a kind (barman/clients/cloud_cli.py), and its words tell.
struct BarmanCloudFailure {
    private enum Status {
        static let operation: Int32 = 1
        static let network: Int32 = 2
    }

    private let said: String
    private let end: ProcessEnd

    init(_ result: ProcessResult) {
        (said, end) = (result.errorText, result.end)
    }

    /// A `barman-cloud-wal-restore` that did not find the file ends so, and without a word; others do, too.
    var mayBeAbsence: Bool { end == .exited(Status.operation) && !said.contains("ERROR") }

    /// What it says of the backup, or of what stood in the way, while it restored one that its own listing names.
    func ofRestore(of label: String) -> any Error {
        let sentence = "barman-cloud can't restore \(label): \(message)"
        if said.contains("Backup \(label)"), said.contains("does not exist") {
            return Obstacle(.vanished, sentence, hint: "It may have been deleted meanwhile: verify the newest one.")
        }
        if FullDisk.isTold(in: said) { return FullDisk.obstacle(sentence) }
        if said.contains("Missing file") { return ContentDamage("restore", .missingFile, sentence) }
        return damage.map { ContentDamage("restore", $0, sentence) } ?? obstacle("restore \(label)")
    }

    func ofSegment(_ name: String) -> any Error {
        damage.map { ContentDamage("wal", $0, "\(name): \(message)") } ?? obstacle("fetch \(name)")
    }

    /// What Python's tarfile, gzip, bz2 and snappy say of bytes that are not theirs.
    private var damage: Reason? {
        guard end != .exited(Status.network), !FullDisk.isTold(in: said) else { return nil }
        if ["unexpected end of data", "ended before the end-of-stream marker"].contains(where: said.contains) {
            return .truncated
        }
        let corrupt = [
            "bad checksum", "invalid header", "Error -3 while decompressing", "CRC check failed", "Not a gzipped file",
            "Invalid data stream", "truncated header", "invalid compressed data", "zlib error",
        ]
        return corrupt.contains(where: said.contains) ? .corrupt : nil
    }

    func obstacle(_ what: String) -> Obstacle {
        if FullDisk.isTold(in: said) { return FullDisk.obstacle("barman-cloud can't \(what): \(message)") }
        let refusals = ["AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "credentials"]
        let isRefused = refusals.contains(where: said.contains)
        let reason: Reason =
            if isRefused {
                .permissionDenied
            } else if end == .exited(Status.network) {
                .connectionFailed
            } else if said.contains("does not exist") {
                .unreadable
            } else {
                .unexplainedError
            }
        return Obstacle(
            reason, "barman-cloud can't \(what): \(message)",
            hint: isRefused
                ? "It takes its credentials from the environment, or from the files of the AWS tools."
                : "Run it by hand, as this user, with this environment.")
    }

    private var message: String {
        guard !said.isEmpty else { return "it ended with \(end)" }
        let errors = said.firstRange(of: "ERROR: ").map { said[$0.upperBound...] } ?? said[...]
        return PgBackRestFailure.line(String(errors))
    }
}
