/// A directory of scratch that a server in a cell finds at the path where production has a tablespace.
///
/// The path is in the log that is replayed, which nobody has looked at: it may be anything.
package struct ScratchTablespace: Codable, Sendable, Equatable {
    /// What the cell has of its own, in which a path can be made.
    private static let temporary = ["/tmp", "/var/tmp", "/dev/shm", "/run"]

    /// Where the server looks for it.
    package let location: String
    /// Where it is.
    let directory: String

    /// Whether a cell can have a directory there: the path is absolute and simple, leads to nothing that is shown, and hides
    /// nothing of it.
    ///
    /// One within another is refused, too: the server could put a link there, and have the next cell cover a program.
    /// - Parameter shown: what the cell shows beside programs in their usual places.
    func isPossible(beside shown: [String]) -> Bool {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard location.hasPrefix("/"), location.utf8.count < 1024, !parts.isEmpty, !location.utf8.contains(0),
            parts.allSatisfy({ !["", ".", ".."].contains($0) })
        else { return false }
        let closed = ProgramDirectories.system + ["/proc", "/dev", "/sys", CellRoot.oldRoot] + shown
        return !closed.contains { ProgramDirectories.isWithin(location, $0) }
            && !(closed + Self.temporary).contains { ProgramDirectories.isWithin($0, location) }
    }
}
