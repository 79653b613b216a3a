import Glibc
import Processes
import TestSupport
import Testing

/// What other processes of the same user see of `restorable`, whose memory holds passwords, and what a crash may leave of it.
@Suite(.serialized) struct OwnMemoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Without root's rights to read and trace everything: as any user is.
    private static let bare = geteuid() == 0 ? "setpriv --bounding-set=-all --inh-caps=-all --" : ""

    /// `restorable verify`, held by its filter, by a shell.
    private func startHeld() throws -> ChildProcess {
        let backup = try directory.write("-- nothing\n", to: "shop.sql")
        var environment = CleanEnvironment.variables(["RT_TOLD": "swordfish"])
        if let folder = getenv("RESTORABLE_TEST_PROFILES") {
            environment["LLVM_PROFILE_FILE"] = String(cString: folder) + "/%p.profraw"
        }
        let child = try ChildProcess.start(
            Command(
                "/bin/sh",
                [
                    "-c",
                    "exec \(Self.bare) \"$0\" verify --scratch-directory \"$1\" --filter 'exec tail -f /dev/null' \"$2\"",
                    Restorable.path, RestoredShop.scratch, backup,
                ], environment: environment, workingDirectory: directory.path, parentDeathSignal: .kill))
        // When the filter runs, all that is to be done first was done.
        try DaemonProcess.eventually("the filter runs", every: 5000) {
            try Tool.run("ps", ["-o", "args=", "--ppid", "\(child.identifier)"]).outputText.contains(
                "tail -f /dev/null")
        }
        return child
    }

    /// The number of ptrace(2) in the kernel's table of calls.
    #if arch(x86_64)
        private static let ptrace = 101
    #else
        private static let ptrace = 117
    #endif

    /// Neither it nor what it starts, a pg_dump or a filter with secrets of its own, may leave a core file.
    @Test func aCrashLeavesNoCore() throws {
        let child = try startHeld()
        defer { child.terminate() }
        let filter = try Tool.run("ps", ["-o", "pid=", "--ppid", "\(child.identifier)"]).outputText.filter {
            $0.isNumber
        }
        for process in ["\(child.identifier)", filter] {
            let limits = try TestFile.text("/proc/\(process)/limits").split(separator: "\n")
            let core = try #require(limits.first { $0.hasPrefix("Max core file size") })
            // Neither the soft nor the hard one: nobody can raise it again.
            #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
        }
    }

    /// Without root another user is not to be had, and where there are no namespaces the code in a dump sees our processes: so
    /// they must not be readable for processes of the same user.
    @Test func processesOfTheSameUserCannotReadIt() throws {
        let child = try startHeld()
        defer { child.terminate() }
        let plain = try ChildProcess.start(
            Command(
                "/bin/sh", ["-c", "exec \(Self.bare) tail -f /dev/null"],
                environment: CleanEnvironment.variables(["RT_TOLD": "swordfish"]), parentDeathSignal: .kill))
        defer { plain.terminate() }
        func attempt(_ script: String, on process: ChildProcess) throws -> ToolResult {
            try Tool.attempt("/bin/sh", ["-c", "exec \(Self.bare) sh -c '\(script)' sh \(process.identifier)"])
        }
        let environ = "tr \"\\\\0\" \"\\\\n\" </proc/$1/environ"
        let memory =
            "set -- $1 $(grep -m 1 rw-p /proc/$1/maps | cut -d- -f1); "
            + "dd if=/proc/$1/mem bs=1 count=1 skip=$((0x$2)) iflag=skip_bytes of=/dev/null"
        // PTRACE_SEIZE of ptrace(2).
        let trace = "perl -e \"exit(syscall(\(Self.ptrace), 0x4206, \\$ARGV[0] + 0, 0, 0) == 0 ? 0 : 1)\" $1"
        try DaemonProcess.eventually("another process can be read", every: 5000) {
            try attempt(environ, on: plain).outputText.contains("RT_TOLD=swordfish")
        }
        let refused = try attempt(environ, on: child)
        #expect(refused.status != 0 && !refused.outputText.contains("swordfish"), "\(refused.outputText)")
        #expect(refused.errorText.contains("Permission denied"))
        for script in [memory, trace] {
            // Some kernels let no process but a parent do this at all (Yama's ptrace_scope).
            let control = try attempt(script, on: plain)
            if (try? TestFile.text("/proc/sys/kernel/yama/ptrace_scope")) == nil {
                #expect(control.status == 0, "\(script): \(control.errorText)")
            }
            #expect(try attempt(script, on: child).status != 0, "\(script)")
        }
    }
}
