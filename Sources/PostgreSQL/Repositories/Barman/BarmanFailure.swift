import Backups
import FoundationEssentials
import Integrity
import Processes

/// How a command of Barman failed. Its exit status is 1 whatever the reason: only its words tell.
struct BarmanFailure {
    private let said: String
    private let end: ProcessEnd

    init(_ result: ProcessResult) {
        // Of commands that answer in JSON the errors stand in the answer.
        let answered = (try? JSONDecoder().decode([String: [String]].self, from: Data(result.output)))?["_ERROR"]
        said = answered?.joined(separator: "\n") ?? (result.errorText.isEmpty ? result.outputText : result.errorText)
        end = result.end
    }

    /// A `recover` of a compressed backup that was not told where to unpack it (`recover` of
    /// barman/cli.py).
    var wantsStaging: Bool { end == .exited(1) && said.contains("no recovery staging path is provided") }

    /// A `get-wal` that did not find the file (`get_wal` of barman/server.py).
    func isAbsence(of name: String) -> Bool {
        end == .exited(1) && said.contains("WAL file '\(name)' not found in server")
    }

    /// What it says of the backup, or of what stood in the way, while it restored one that its own listing names.
    func ofRestore(of label: String) -> any Error {
        let sentence = "Barman can't restore \(label): \(message)"
        if said.contains("Unknown backup") {
            return Obstacle(.vanished, sentence, hint: "It may have been deleted meanwhile: verify the newest one.")
        }
        if FullDisk.isTold(in: said) { return FullDisk.obstacle(sentence) }
        // rsync names the side that lacks a file; tar and gzip know their own formats.
        if said.contains("[sender]"), said.contains("No such file or directory") {
            return ContentDamage("restore", .missingFile, sentence)
        }
        if ["Unexpected EOF in archive", "unexpected end of file"].contains(where: said.contains) {
            return ContentDamage("restore", .truncated, sentence)
        }
        if ["invalid compressed data", "does not look like a tar archive", "crc error"].contains(where: said.contains) {
            return ContentDamage("restore", .corrupt, sentence)
        }
        return obstacle("restore \(label)")
    }

    /// What it says of a file of the log, or of what stood in the way (`get_wal_sendfile` of barman/server.py).
    func ofSegment(_ name: String) -> any Error {
        let trouble = ["Permission denied", "not found", "Cannot allocate", "Input/output error"]
        guard said.contains("Error decompressing WAL"), !FullDisk.isTold(in: said),
            !trouble.contains(where: said.contains)
        else {
            return obstacle("fetch \(name)")
        }
        return ContentDamage("wal", .corrupt, "\(name): \(message)")
    }

    func obstacle(_ what: String) -> Obstacle {
        if FullDisk.isTold(in: said) { return FullDisk.obstacle("Barman can't \(what): \(message)") }
        let isRefused = said.contains("Permission denied") || said.contains("please run barman as")
        let isUnknown = said.contains("Unknown server") || said.contains("does not exist")
        return Obstacle(
            isRefused ? .permissionDenied : isUnknown ? .unreadable : .unexplainedError,
            "Barman can't \(what): \(message)",
            hint: isRefused
                ? "Run this as Barman's own user, or as root."
                : "Run it by hand, as this user, and look at the log of Barman.")
    }

    private var message: String {
        guard !said.isEmpty else { return "it ended with \(end)" }
        let errors = said.firstRange(of: "ERROR: ").map { said[$0.upperBound...] } ?? said[...]
        return PgBackRestFailure.line(String(errors))
    }
}
