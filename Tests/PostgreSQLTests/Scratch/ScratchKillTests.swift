import Backups
import Glibc
import Processes
import Testing

@testable import PostgreSQL

/// Kills the program that holds a scratch server with SIGKILL, at random moments of its life.
@Suite struct ScratchKillTests {
    @Test(.timeLimit(.minutes(10))) func nothingIsLeftAfterAHundredKills() throws {
        let root = try TemporaryRoot()
        let bystander = try SharedScratch.start(root.configuration)
        let input = try Pipe()
        var seed = SystemRandomNumberGenerator()
        var collected = 0
        for round in 0..<140 {
            // On a machine so busy that no server had begun by then: a little later, until one had.
            let isExtra = round >= 100
            if isExtra, collected > 0 { break }
            let fixture = try root.startFixture("hold", input: input.readEnd)
            let delay = Int.random(in: 0..<(isExtra ? 5000 : 900), using: &seed)
            _ = fixture.wait(for: .milliseconds(delay))
            fixture.signal(SIGKILL)
            if isExtra || round % 3 == 0 { killWardens(below: root.path, except: bystander.directory) }
            _ = fixture.wait()
            if isExtra || round % 10 == 9 {
                collected += try collect(root, bystander, "round \(round), killed after \(delay) ms")
            }
        }
        // Some of the wardens that were killed had something to leave: else this proves nothing.
        #expect(collected > 0)
        #expect(try bystander.connect().query("SELECT 1").scalar == "1")
        bystander.stop()
        #expect(root.scratch.isEmpty)
    }

    private func killWardens(below root: String, except bystander: ScratchDirectory) {
        for process in RootProcesses.find(below: root) {
            guard let text = ProcFile.text("/proc/\(process)/cmdline"), text.contains(ScratchWarden.subcommand),
                !text.contains(bystander.path)
            else { continue }
            kill(process, SIGKILL)
        }
    }

    /// Waits for the orphans to end by themselves, collects, and looks.
    private func collect(_ root: TemporaryRoot, _ bystander: ScratchServer, _ what: String) throws -> Int {
        let own = Set(RootProcesses.find(below: bystander.directory.path))
        let deadline = ContinuousClock.now + .seconds(30)
        var orphans: [Int32] = []
        repeat {
            orphans = RootProcesses.find(below: root.path).filter { identifier in
                !own.contains(identifier)
                    && ProcFile.link("/proc/\(identifier)/cwd")?.hasPrefix(bystander.directory.path) != true
                    && ProcFile.text("/proc/\(identifier)/cmdline")?.contains(bystander.directory.path) != true
            }
            for orphan in orphans { ProcessIdentity(of: orphan)?.waitForEnd() }
        } while !orphans.isEmpty && ContinuousClock.now < deadline
        #expect(orphans.isEmpty, "\(what)")
        // A process that is ending has no arguments any more a moment before the kernel lets go of its locks.
        for name in root.scratch where name != bystander.directory.name {
            _ = try FileLock.wait(ScratchDirectory(existing: name, in: root.path).lock)
        }
        let report = try ScratchCollector(directory: root.path).collect()
        #expect(report.failures.isEmpty, "\(what)")
        #expect(report.inUse == [bystander.directory.path], "\(what)")
        #expect(root.scratch == [bystander.directory.name], "\(what)")
        return report.removed.count
    }
}
