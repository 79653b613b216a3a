import Backups
import Testing

@testable import Settings

/// Files that say how a tool restores, lists and fetches.
@Suite struct RepositoryCommandsTests {
    private func problems(_ text: String) -> String {
        do {
            _ = try RepositoryCommands.parse(text, file: "tool.yml")
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func allOfAFileIsRead() throws {
        let commands = try RepositoryCommands.parse(
            """
            restore: [wal-g, backup-fetch, '%d', '%b']
            restore_command: wal-g wal-fetch %f %p
            list: [wal-g, backup-list, --detail, --json]
            list_wal: /etc/restorable/list-wal
            environment: [PGHOST, 'WALG_*', https_proxy]
            absence: [74]
            damage: [75, 76]
            atomic: true
            """, file: "tool.yml")
        #expect(commands.restore == .words(["wal-g", "backup-fetch", "%d", "%b"]))
        #expect(commands.restoreCommand == .shell("wal-g wal-fetch %f %p"))
        #expect(commands.list == .words(["wal-g", "backup-list", "--detail", "--json"]))
        #expect(commands.listWAL == .shell("/etc/restorable/list-wal"))
        #expect(commands.environment == ["PGHOST", "WALG_*", "https_proxy"])
        #expect(commands.absence == [74] && commands.damage == [75, 76] && commands.isAtomic)
    }

    @Test(arguments: [
        ("list: [ls]", "tool.yml:1:1: restore is missing"), ("restore: [cp, x]", "restore must have %d in it"),
        ("restore: [cp, '%d', '%f']", "%f stands for nothing here; known are %d, %b, %t, %%"),
        ("restore: []", "must be a command"), ("restore: [bin/cp, '%d']", "a path from the root on"),
        ("{restore: 'cp %d', restore_command: 'cp %f %p'}", "restore_command needs absence"),
        ("{restore: 'cp %d', restore_command: 'cp %f', absence: [1]}", "must have %p in it"),
        ("{restore: 'cp %d', list_wal: ls}", "of no use without restore_command"),
        ("{restore: 'cp %d', restore_command: 'cp %f %p', absence: [127]}", "127 is not an exit status from 1 to 125"),
        ("{restore: 'cp %d', restore_command: 'cp %f %p', absence: [1], damage: [1]}", "can't say both"),
        ("{restore: 'cp %d', environment: [A=secret]}", "not the name of a variable, without a value"),
        ("{restore: 'cp %d', environment: ['*']}", "not the name of a variable, without a value"),
        ("{restore: 'cp %d', retsore: x}", "unknown key \"retsore\"; did you mean \"restore\"?"),
        ("{restore: [cp, '%d', '${env:KEY}']}", "${env:KEY} is not replaced in a command"),
        ("restore: [", "not YAML"), ("", "the file is empty"),
    ])
    func flawsAreNamed(text: String, problem: String) {
        #expect(problems(text).contains(problem), "\(problems(text))")
    }
}
