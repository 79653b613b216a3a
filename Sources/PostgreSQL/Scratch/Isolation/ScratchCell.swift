import Backups
import CLinux
import Glibc

/// The last step before a scratch server: `restorable scratch-cell DIRECTORY… -- DIRECTORY… -- [DIRECTORY PATH]… -- PROGRAM
/// ARGUMENT…`.
///
/// Started in namespaces of its own by ``ScratchIsolation``, it leaves the machine's file system for a ``CellRoot`` with
/// the directories (first those that may be written to, then those of programs, then those that are seen at another path),
/// drops what rights that took, and becomes the program.
package enum ScratchCell {
    package static let subcommand = "scratch-cell"

    static func arguments(
        writable: [String], programs: [String], tablespaces: [ScratchTablespace], program: [String]
    ) -> [String] {
        [subcommand] + writable + ["--"] + programs + ["--"] + tablespaces.flatMap { [$0.directory, $0.location] }
            + ["--"] + program
    }

    /// Returns only when that failed.
    /// - Parameter arguments: those after the subcommand.
    /// - Returns: the exit status.
    package static func main(_ arguments: [String]) -> Int32 {
        let parts = arguments.split(separator: "--", maxSplits: 3, omittingEmptySubsequences: false).map(Array.init)
        guard parts.count == 4, !parts[0].isEmpty, parts[2].count.isMultiple(of: 2), !parts[3].isEmpty else {
            return complain("scratch-cell is started by restorable itself", status: .usage)
        }
        let (writable, program) = (parts[0], parts[3])
        let tablespaces = stride(from: 0, to: parts[2].count, by: 2).map {
            ScratchTablespace(location: parts[2][$0 + 1], directory: parts[2][$0])
        }
        do {
            try CellRoot(writable: writable, programs: parts[1], tablespaces: tablespaces).enter()
        } catch {
            return complain("\(error)", status: .inconclusive)
        }
        guard chdir(writable[0]) == 0, restorable_drop_ambient_capabilities() == 0 else {
            return complain("\(writable[0]): \(String(cString: strerror(errno)))", status: .inconclusive)
        }
        let argv = program.map { strdup($0) } + [nil]
        execv(program[0], argv)
        return complain("\(program[0]): \(String(cString: strerror(errno)))", status: .inconclusive)
    }

    private static func complain(_ text: String, status: ExitStatus) -> Int32 {
        LineWriter.writeBytes(Array("\(text)\n".utf8), to: STDERR_FILENO)
        return status.rawValue
    }
}
