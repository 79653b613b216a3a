import ArgumentParser
import Backups

/// Which runs of the history are shown.
enum RunChoice: String, CaseIterable, ExpressibleByArgument {
    case verification
    case drill
    case all

    /// `nil`: both kinds.
    var kind: RunKind? { RunKind(rawValue: rawValue) }
}
