import Glibc
import Processes
import TestSupport

@testable import PostgreSQL

/// A scratch root of one test's own, which goes with this value, and with it every process that works in it.
final class TemporaryRoot {
    let path: String

    init() throws {
        path = "/var/tmp/rt-\(getpid())-\(UInt32.random(in: 0..<UInt32.max))"
        _ = try ScratchRoot(path)
    }

    deinit {
        RootProcesses.end(below: path)
        let name = String(path.dropFirst("/var/tmp/".count))
        try? DirectoryTree.remove(name, in: "/var/tmp")
    }

    var configuration: ScratchConfiguration {
        TestScratch.configuration(directory: path, executable: "scratch-fixture")
    }

    /// Names of the scratch directories in it.
    var scratch: [String] { DirectoryTree.names(in: path).filter { $0.hasPrefix(ScratchRoot.scratchPrefix) } }

    /// Starts the fixture, which holds a scratch server in this root until its input ends.
    func startFixture(_ verb: String, input: Int32, output: Int32? = nil) throws -> ChildProcess {
        try ChildProcess.start(
            Command(TestScratch.executable("scratch-fixture"), [verb, path], parentDeathSignal: nil),
            input: .descriptor(input), output: output.map { .handedOver($0) } ?? .none)
    }
}
