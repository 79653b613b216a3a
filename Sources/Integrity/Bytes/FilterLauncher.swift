/// Starts filter commands. The seam to whatever runs processes: this target knows none.
package protocol FilterLauncher: Sendable {
    /// Starts `command` with `/bin/sh -c` and these descriptors as its standard streams.
    ///
    /// The descriptors are handed over: they are closed here as soon as the child has them, or when it can't be started.
    /// - Throws: ``Obstacle`` when it can't be started.
    func start(_ command: String, input: Int32, output: Int32, error: Int32) throws -> any RunningFilter
}

/// A filter that runs.
package protocol RunningFilter: Sendable {
    /// Waits for its end.
    func wait() -> FilterEnd
    /// Asks it to end; does nothing when it has.
    func terminate()
}

package enum FilterEnd: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}
