import Backups
import Glibc

extension Command {
    /// Where util-linux installs its programs.
    private static let directories = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]

    /// The path of a program of the operating system itself, looked up in fixed directories and never in `PATH`.
    package static func systemProgram(_ name: String) -> String? {
        directories.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// What is really started: `setpriv` (util-linux) in front where another user or a parent-death signal is asked for.
    ///
    /// `setpriv` and not our own code between fork and exec: a change of user clears the parent-death signal (prctl(2)),
    /// so both must be done in this order after the fork, where Swift code may not run.
    func spawned() throws -> (executable: String, arguments: [String]) {
        guard user != nil || parentDeathSignal != nil else { return (executable, arguments) }
        guard let setpriv = Self.systemProgram("setpriv") else {
            throw Obstacle(
                .toolMissing, "setpriv, which starts \(name) with fewer rights, is not installed",
                hint: "apt-get install util-linux")
        }
        var prefix: [String] = []
        if let user {
            prefix += ["--reuid=\(user.identifier)", "--regid=\(user.group)", "--clear-groups", "--no-new-privs"]
        }
        if let parentDeathSignal { prefix += ["--pdeathsig", parentDeathSignal.rawValue] }
        return (setpriv, prefix + ["--", executable] + arguments)
    }
}
