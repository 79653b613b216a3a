import Glibc

/// Where one of a child's three streams leads.
package enum ChildStream: Sendable {
    /// `/dev/null`.
    case none
    /// An open descriptor of ours: the child gets a copy, ours stays open.
    case descriptor(Int32)
    /// The same, and ours is closed as soon as the child runs, so that a reader of its pipe sees the end.
    case handedOver(Int32)

    /// Closes what was handed over for a child that was never started.
    func abandon() {
        if case .handedOver(let descriptor) = self { close(descriptor) }
    }
}
