import Backups
import Glibc
import Logging
import PostgreSQL

// scratch-fixture hold DIRECTORY: starts a scratch server, says where, works in it and waits for the end of its input.
// scratch-fixture keep DIRECTORY: the same, and hands the server over.
// scratch-fixture scratch-warden … and scratch-cell …: the warden and the cell of these.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == ScratchWarden.subcommand {
    exit(ScratchWarden.main())
}
if arguments.first == ScratchCell.subcommand {
    exit(ScratchCell.main(Array(arguments.dropFirst())))
}
guard arguments.count == 2, arguments[0] == "hold" || arguments[0] == "keep" else { exit(64) }

/// Written at once: standard output is a pipe.
func say(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(STDOUT_FILENO, line, line.count)
}

do {
    let configuration = ScratchConfiguration(directory: arguments[1], memory: 128 << 20)
    let installation = try Installations.find().chooseServer(for: nil)
    let clock = ContinuousClock.now
    let server = try ScratchServer.start(
        configuration, installation: installation, cancellation: Cancellation(), log: Logger(label: "fixture"))
    let connection = try server.connect()
    let started = ContinuousClock.now - clock
    try connection.execute("CREATE TABLE t AS SELECT generate_series(1, 10000) AS a")
    say("ready \(server.directory.path) after \(started)")
    if arguments[0] == "keep" {
        say("kept \(try server.keep())")
    } else {
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) > 0 {}
        server.stop()
    }
} catch {
    say("error \(error)")
    exit(2)
}
