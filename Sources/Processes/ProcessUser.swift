import Glibc

/// A user of this machine, as a child may run as.
package struct ProcessUser: Sendable, Hashable, Codable {
    package let name: String
    package let identifier: UInt32
    package let group: UInt32

    package init(name: String, identifier: UInt32, group: UInt32) {
        self.name = name
        self.identifier = identifier
        self.group = group
    }

    /// The user called `name` in the machine's user database; `nil` when there is none.
    package init?(named name: String) {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let status = getpwnam_r(name, &entry, &buffer, buffer.count, &result)
        guard status == 0, result != nil else { return nil }
        self.init(name: name, identifier: entry.pw_uid, group: entry.pw_gid)
    }

    /// The name of the user that this process runs as; `nil` when the machine's user database has none.
    package static var ownName: String? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &result) == 0, result != nil else { return nil }
        return String(cString: entry.pw_name)
    }

    /// Whether this process runs as root and so may become another user.
    package static var isRoot: Bool { geteuid() == 0 }
}
