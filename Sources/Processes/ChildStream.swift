import Glibc

/// Where one of a child's three streams leads.
package enum ChildStream: Sendable {
    /// `/dev/null`.
    case none
    /// An open descriptor of ours: the child gets a copy, ours stays open.
    case descriptor(Int32)
    /// The same, and ours is closed as soon as the child runs (or could not be started), so that a reader of its pipe
    /// sees the end.
    case handedOver(Int32)

    /// A close-on-exec copy numbered 10 or more, or -1 and errno.
    func openCopy() -> Int32 {
        switch self {
        case .none:
            let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { return -1 }
            defer { close(descriptor) }
            return fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
        case .descriptor(let descriptor), .handedOver(let descriptor):
            return fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
        }
    }

    /// Closes what was handed over.
    func abandon() {
        if case .handedOver(let descriptor) = self { close(descriptor) }
    }
}
