import Backups
import Glibc
import Processes

/// The directory below which all scratch lies, and the protocol by which processes share it.
///
///     ROOT/lock                 held while scratch is claimed or collected
///     ROOT/templates/KEY        clusters as initdb makes them, by version; ours, so that no server can change them
///     ROOT/templates/KEY.lock   held while that template is made
///     ROOT/scratch-ID/lock      held by the warden as long as it lives
///     ROOT/scratch-ID/owner.json, log, data/, s/
package struct ScratchRoot: Sendable {
    package static let scratchPrefix = "scratch-"
    package let path: String

    /// Makes the directory when it is missing.
    /// - Throws: ``Obstacle`` when it is a link, belongs to another, or others may write to it.
    package init(_ path: String) throws {
        guard path.hasPrefix("/") else {
            throw Obstacle(
                .unreadable, "the scratch directory \(path) is not an absolute path",
                hint: "write it from the root on, as /var/tmp/restorable")
        }
        self.path = path
        // Others may pass (the server's user must), but not look or write.
        if mkdir(path, 0o711) == 0 {
            // The umask may have taken the server's user its way.
            chmod(path, 0o711)
        } else if errno == ENOENT {
            let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
            throw Obstacle(
                .unreadable, "the scratch directory \(path) can't be made: \(parent) does not exist",
                hint: "mkdir -p \(parent), or \(DirectoryTree.otherPlace)")
        } else if errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        guard let status = DirectoryTree.status(path) else { throw DirectoryTree.obstacle("read", path) }
        if let flaw = Self.flaw(status) {
            throw Obstacle(
                .permissionDenied, "the scratch directory \(path) \(flaw), so nothing is put there",
                hint: "\(DirectoryTree.otherPlace); one that does not exist yet is made as it must be")
        }
        guard mkdir(templates, 0o711) == 0 || errno == EEXIST else { throw DirectoryTree.obstacle("made", templates) }
        chmod(templates, 0o711)
    }

    /// Why a directory is none to trust.
    private static func flaw(_ status: stat) -> String? {
        if status.st_mode & S_IFMT == S_IFLNK { return "is a symbolic link" }
        if !status.isDirectory { return "is no directory" }
        if status.st_uid != geteuid() {
            return "belongs to the user with id \(status.st_uid) and not to us (\(geteuid()))"
        }
        if status.st_mode & 0o022 != 0 {
            return "can be written to by others (mode \(String(status.st_mode & 0o7777, radix: 8)))"
        }
        return nil
    }

    var templates: String { "\(path)/templates" }

    /// Held while scratch is claimed or collected; waits for it.
    func lock() throws -> FileLock { try FileLock.wait("\(path)/lock") }

    /// A new name. Nothing is made.
    static func makeName() -> String {
        let digits = String(UInt64.random(in: 0..<(1 << 48)), radix: 16)
        return scratchPrefix + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// Whether `name` is one that ``makeName()`` could have made.
    static func isScratchName(_ name: String) -> Bool {
        guard name.hasPrefix(scratchPrefix) else { return false }
        let rest = name.dropFirst(scratchPrefix.count).utf8
        return rest.count == 12 && rest.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
