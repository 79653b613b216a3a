/// A program to run: nothing in it is inherited that is not named here.
///
/// Secrets never belong in `arguments`: every user of the machine can read them. A program that needs one gets it
/// through a file or a descriptor.
package struct Command: Sendable {
    /// An absolute path; nothing is looked up in `PATH`.
    package var executable: String
    package var arguments: [String]
    /// The whole environment of the child. Nothing of our own environment is added.
    package var environment: [String: String]
    package var workingDirectory: String?
    /// The user it runs as; `nil` for our own. Only root can name another.
    package var user: ProcessUser?
    /// What the kernel sends the child when we end, however we end; `nil` lets it live on.
    package var parentDeathSignal: DeathSignal?
    /// Own session: the terminal's Ctrl-C does not reach it.
    package var hasOwnSession: Bool

    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = CleanEnvironment.variables(),
        workingDirectory: String? = nil, user: ProcessUser? = nil, parentDeathSignal: DeathSignal? = nil,
        hasOwnSession: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.user = user
        self.parentDeathSignal = parentDeathSignal
        self.hasOwnSession = hasOwnSession
    }

    /// The last part of the path, for messages.
    package var name: String { executable.split(separator: "/").last.map(String.init) ?? executable }
}
