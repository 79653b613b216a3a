import Glibc
import Processes
import TestSupport

/// `restorable serve`, run as the built program. It ends with the test.
final class DaemonProcess {
    let address: String
    private let child: ChildProcess
    /// The file that its standard error goes to.
    let log: String
    /// Whoever asks here is this user, as `name:password`.
    var user: String?

    /// Waits until it serves.
    /// - Parameters:
    ///   - configuration: without `listen` and `history`, which are put before it.
    ///   - variables: added to its environment.
    init(
        _ configuration: String, in directory: TemporaryDirectory, history: String = "history.sqlite",
        scratch: String = RestoredShop.scratch, logLevel: String = "info", variables: [String: String] = [:]
    ) throws {
        // One of its own: what an earlier daemon said of its address is not taken for this one's.
        log = directory.file("serve-\(UInt32.random(in: 0...UInt32.max)).log")
        try DaemonProcess.write(configuration, in: directory, history: history, scratch: scratch)
        var environment = CleanEnvironment.variables(variables)
        // Built for coverage, it writes what it ran into a folder of its own: a daemon that is killed while it writes leaves a
        // cut file, which must not spoil the profiles of the tests.
        if let folder = getenv("RESTORABLE_TEST_PROFILES") {
            environment["LLVM_PROFILE_FILE"] = String(cString: folder) + "/%p.profraw"
        }
        let command = Command(
            "/bin/sh",
            [
                "-c", #"exec "$0" serve --config "$1" --log-level "$3" 2> "$2""#, Restorable.path,
                directory.file("restorable.yml"), log, logLevel,
            ], environment: environment, parentDeathSignal: .kill)
        child = try ChildProcess.start(command)
        var found: String?
        try Self.eventually("the daemon serves") { [log] in
            let lines = try TestFile.text(log).split(separator: "\n")
            found = lines.first { $0.hasPrefix("restorable: serving on ") }?.split(separator: " ").last.map(String.init)
            return found != nil
        }
        address = found ?? ""
    }

    deinit { child.terminate(grace: .seconds(30)) }

    static func write(
        _ configuration: String, in directory: TemporaryDirectory, history: String = "history.sqlite",
        scratch: String = RestoredShop.scratch
    ) throws {
        let head = "listen: 127.0.0.1:0\nhistory: \(directory.file(history))\ncatalog_interval: 1s\n"
        let scratch = "scratch: { directory: \(scratch) }\n"
        _ = try directory.write(head + scratch + configuration, to: "restorable.yml")
    }

    func get(_ path: String) throws -> String { try ask("GET", path, as: user).body }

    /// Status and body; status 0 where there is no answer.
    func ask(_ method: String, _ path: String, as user: String? = nil) throws -> (status: Int, body: String) {
        var arguments = ["--silent", "--max-time", "10", "--request", method, "--write-out", "\n%{http_code}"]
        if let user { arguments += ["--user", user] }
        let text = try Tool.attempt("curl", arguments + ["http://\(address)\(path)"]).outputText
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return (Int(text[end...].dropFirst()) ?? 0, String(text[..<end]))
    }

    /// Waits until a line of `/metrics` is this.
    func waitForMetric(_ line: String) throws {
        var page = ""
        do {
            try Self.eventually(line) {
                page = try get("/metrics")
                return page.split(separator: "\n").contains { $0 == line }
            }
        } catch {
            let name = line.prefix { $0 != "{" && $0 != " " }
            let near = page.split(separator: "\n").filter { $0.hasPrefix(name) }.joined(separator: "\n")
            throw TestFailure("\(error)\n\(near)\n\((try? TestFile.text(log)) ?? "")")
        }
    }

    /// Waits until it has said this on standard error so many times.
    func waitForLog(_ text: String, times: Int = 1) throws {
        do {
            try Self.eventually("the log says: \(text)", every: 5000) {
                try TestFile.text(log).split(separator: text, omittingEmptySubsequences: false).count > times
            }
        } catch {
            throw TestFailure("\(error)\n\((try? TestFile.text(log)) ?? "")")
        }
    }

    func signal(_ number: Int32) { child.signal(number) }

    /// The exit status; 128 and the signal's number for one that was killed.
    func end(_ number: Int32) throws -> ProcessEnd {
        child.signal(number)
        guard let end = child.wait(for: .seconds(60)) else { throw TestFailure("the daemon does not end") }
        return end
    }

    /// Asks again and again, each so many microseconds.
    static func eventually(_ what: String, every pause: UInt32 = 100_000, _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline {
            if (try? condition()) == true { return }
            usleep(pause)
        }
        throw TestFailure("not within 90 s: \(what)")
    }
}
