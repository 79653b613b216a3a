import Glibc

/// Whom a test's server runs as: PostgreSQL refuses root.
struct TestServerUser {
    private let account: (name: String, identifier: uid_t, group: gid_t)?

    /// Ourselves, or as root the user `postgres` or `restorable`.
    static func current() throws -> TestServerUser {
        guard geteuid() == 0 else { return TestServerUser(account: nil) }
        for name in ["postgres", "restorable"] {
            if let entry = getpwnam(name) {
                return TestServerUser(account: (name, entry.pointee.pw_uid, entry.pointee.pw_gid))
            }
        }
        throw TestFailure("no user postgres or restorable to run a server as: run scripts/setup")
    }

    var environment: [String: String] {
        ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"]
    }

    func own(_ path: String) throws {
        guard let account else { return }
        guard chown(path, account.identifier, account.group) == 0 else {
            throw TestFailure("chown \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// What is started so that `path` runs as this user.
    func program(_ path: String) -> String { account == nil ? path : "/usr/bin/setpriv" }

    func arguments(_ path: String, _ arguments: [String]) -> [String] {
        guard let account else { return arguments }
        return ["--reuid=\(account.identifier)", "--regid=\(account.group)", "--clear-groups", "--", path] + arguments
    }
}
