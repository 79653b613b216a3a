import Testing

@testable import PostgreSQL

/// The paths come from a log that nobody has looked at.
@Suite struct ScratchTablespaceTests {
    private static let shown = ["/srv/postgresql/bin", "/var/tmp/restorable/scratch-1"]

    private func isPossible(_ location: String) -> Bool {
        ScratchTablespace(location: location, directory: "/var/tmp/restorable/scratch-1/tablespaces/0")
            .isPossible(beside: Self.shown)
    }

    @Test(arguments: [
        "/mnt/fast", "/srv/ts", "/srv/postgresql/ts", "/var/lib/postgresql/ts", "/tmp/ts", "/var/tmp/ts",
        "/home/postgres/ts", "/data with spaces/ts", "/run/ts", "/usrlocal",
    ]) func anyOtherPlaceIsPossible(location: String) { #expect(isPossible(location)) }

    @Test(arguments: [
        "", "/", "relative", "//srv", "/srv/", "/srv//ts", "/srv/../usr/bin", "/srv/./ts", "..",
        // What the cell shows, and what would cover it.
        "/usr", "/usr/bin", "/usr/local/pgsql/ts", "/bin", "/lib64/x", "/etc/ts", "/proc/1/root/srv", "/dev/shm/ts",
        "/sys/x", "/.machine/root", "/srv/postgresql", "/srv/postgresql/bin", "/srv/postgresql/bin/ts", "/srv",
        "/var", "/var/tmp", "/tmp", "/var/tmp/restorable", "/var/tmp/restorable/scratch-1/data",
        "/srv/nul\u{0}l", "/" + String(repeating: "x", count: 2000),
    ]) func whatWouldLeadToTheMachineIsNot(location: String) { #expect(!isPossible(location)) }

    @Test func theLogNamesIt() {
        let account = RecoveryAccount(
            log: "2026-11-20 02:00:01.000 UTC [9] FATAL:  directory \"/mnt/fast\" does not exist\n")
        #expect(account.missingTablespace == "/mnt/fast")
        let other = RecoveryAccount(
            log: "2026-11-20 02:00:01.000 UTC [9] FATAL:  data directory \"/mnt/fast\" does not exist\n")
        #expect(other.missingTablespace == nil)
    }
}
