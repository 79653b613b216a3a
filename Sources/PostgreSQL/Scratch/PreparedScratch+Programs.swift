import Glibc
package import Processes

extension PreparedScratch {
    /// Runs a program of PostgreSQL on the data directory, kept from the machine like the server itself. No server may run
    /// meanwhile.
    /// - Parameter input: what it reads from standard input; not more than fits into a pipe.
    package func run(
        _ name: String, _ arguments: [String], of installation: Installation, input: String = ""
    ) throws -> ProcessResult {
        let pipe = try Pipe()
        let end = pipe.takeWriteEnd()
        LineWriter.writeBytes(Array(input.utf8), to: end)
        close(end)
        let tablespaces = tablespaces
        let command = try isolation(for: installation).wrap(
            try installation.program(name), arguments,
            writable: [directory.data, directory.sockets] + (tablespaces.isEmpty ? [] : [directory.tablespaces]),
            tablespaces: tablespaces)
        return try ChildProcess.run(command, input: .descriptor(pipe.readEnd), cancellation: cancellation)
    }

    /// Runs statements as the cluster's first superuser, whatever that is called, each on a line of its own: PostgreSQL's
    /// single-user mode (PostgreSQL 18 documentation, "postgres", "Options for Single-User Mode").
    package func runAlone(
        _ statements: String, of installation: Installation, settings: [ServerSettings.Setting]
    ) throws -> ProcessResult {
        let base = ServerSettings(configuration, major: installation.major, socketDirectory: directory.sockets)
        return try run(
            "postgres", ["--single", "-D", directory.data] + base.adding(settings).arguments + ["template1"],
            of: installation, input: statements)
    }
}
