import Backups
import CLinux
import Glibc

/// The last step before a scratch server: `restorable scratch-cell DIRECTORY… -- BIN PROGRAM ARGUMENT…`.
///
/// Started in namespaces of its own by ``ScratchIsolation``, it leaves the machine's file system for a ``CellRoot`` with
/// the directories, drops what rights that took, and becomes the program.
package enum ScratchCell {
    package static let subcommand = "scratch-cell"

    static func arguments(writable: [String], bin: String, program: [String]) -> [String] {
        [subcommand] + writable + ["--", bin] + program
    }

    /// Returns only when that failed.
    /// - Parameter arguments: those after the subcommand.
    /// - Returns: the exit status.
    package static func main(_ arguments: [String]) -> Int32 {
        guard let separator = arguments.firstIndex(of: "--"), separator > 0, arguments.count > separator + 2 else {
            return complain("scratch-cell is started by restorable itself", status: .usage)
        }
        let writable = Array(arguments[..<separator])
        let (bin, program) = (arguments[separator + 1], Array(arguments[(separator + 2)...]))
        do {
            try CellRoot(writable: writable, programs: [installationRoot(bin)]).enter()
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

    /// Libraries and shared files of an installation lie beside its `bin`.
    private static func installationRoot(_ bin: String) -> String {
        let parts = bin.split(separator: "/").dropLast()
        return parts.isEmpty ? bin : "/" + parts.joined(separator: "/")
    }

    private static func complain(_ text: String, status: ExitStatus) -> Int32 {
        LineWriter.writeBytes(Array("\(text)\n".utf8), to: STDERR_FILENO)
        return status.rawValue
    }
}
