extension Command {
    /// The same command, which lets others go first: with `niceness` added to ours, and input and output only when nobody
    /// else wants any (ioprio class idle, ioprio_set(2)). Its children inherit both.
    ///
    /// `nice` and `ionice` and not setpriority(2): on Linux that is of one thread, and a child comes from another.
    package func yielding(niceness: Int) -> Command {
        guard niceness > 0, let nice = Self.systemProgram("nice") else { return self }
        var command = self
        command.arguments = [executable] + arguments
        if let ionice = Self.systemProgram("ionice") { command.arguments = [ionice, "-c", "3"] + command.arguments }
        command.arguments = ["-n", "\(niceness)"] + command.arguments
        command.executable = nice
        return command
    }
}
