import Backups
import CLinux
import Glibc
import Processes

/// What a copy holds, to see whether its source is whole.
struct TreeSize: Codable, Equatable, Sendable {
    var files = 0
    var bytes: Int64 = 0
}

extension DirectoryTree {
    /// Copies the directory `source` to `destination`, which must not exist, and gives it to `owner`.
    ///
    /// Blocks are shared where the file system can (reflink), else copied in the kernel.
    static func copy(
        _ source: String, to destination: String, owner: ProcessUser?, cancellation: Cancellation
    ) throws -> TreeSize {
        guard mkdir(destination, 0o700) == 0 else { throw obstacle("made", destination) }
        try give(destination, to: owner)
        var size = TreeSize()
        for name in names(in: source) {
            let from = "\(source)/\(name)"
            let to = "\(destination)/\(name)"
            guard let status = status(from) else { throw obstacle("read", from) }
            if status.isDirectory {
                let below = try copy(from, to: to, owner: owner, cancellation: cancellation)
                size.files += below.files
                size.bytes += below.bytes
            } else if status.isRegular {
                try cancellation.check()
                size.bytes += try copyFile(from, to: to, owner: owner)
                size.files += 1
            }
        }
        return size
    }

    /// Files and bytes below `directory`.
    static func size(_ directory: String) -> TreeSize {
        var size = TreeSize()
        for name in names(in: directory) {
            guard let status = status("\(directory)/\(name)") else { continue }
            if status.isDirectory {
                let below = self.size("\(directory)/\(name)")
                size.files += below.files
                size.bytes += below.bytes
            } else if status.isRegular {
                size.files += 1
                size.bytes += Int64(status.st_size)
            }
        }
        return size
    }

    private static func copyFile(_ source: String, to destination: String, owner: ProcessUser?) throws -> Int64 {
        let from = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard from >= 0 else { throw obstacle("read", source) }
        defer { close(from) }
        let to = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard to >= 0 else { throw obstacle("written", destination) }
        defer { close(to) }
        if let owner, fchown(to, owner.identifier, owner.group) != 0 { throw obstacle("given away", destination) }
        if restorable_clone_file(to, from) == 0 { return Int64(lseek(from, 0, SEEK_END)) }
        var copied: Int64 = 0
        while true {
            let count = restorable_copy_file_range(from, to, 1 << 30)
            if count == 0 { return copied }
            if count < 0 { return try copied + copyThroughMemory(from, to, destination) }
            copied += Int64(count)
        }
    }

    /// For file systems between which the kernel does not copy. Goes on where both descriptors stand.
    private static func copyThroughMemory(_ from: Int32, _ to: Int32, _ path: String) throws -> Int64 {
        var copied: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(from, &buffer, buffer.count)
            guard count >= 0 else { throw obstacle("read", path) }
            if count == 0 { return copied }
            guard write(to, buffer, count) == count else { throw obstacle("written", path) }
            copied += Int64(count)
        }
    }

    /// Gives a directory or file that nobody else can reach yet to `owner`.
    static func give(_ path: String, to owner: ProcessUser?) throws {
        guard let owner else { return }
        guard lchown(path, owner.identifier, owner.group) == 0 else { throw obstacle("given away", path) }
    }

    /// Gives `directory` and all below it to the user and group. By descriptors, so that no link that somebody puts in the way of a
    /// directory meanwhile leads out of it.
    static func giveAll(_ directory: String, user: UInt32, group: UInt32) throws {
        try giveAll(in: AT_FDCWD, directory, directory, user: user, group: group)
    }

    private static func giveAll(
        in parent: Int32, _ name: String, _ path: String, user: UInt32, group: UInt32
    ) throws {
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw obstacle("given away", path) }
        defer { close(descriptor) }
        let listed = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard listed >= 0 else { throw obstacle("given away", path) }
        for name in names(consuming: listed) {
            let inner = "\(path)/\(name)"
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw obstacle("given away", inner)
            }
            if status.isDirectory {
                try giveAll(in: descriptor, name, inner, user: user, group: group)
            } else if fchownat(descriptor, name, user, group, AT_SYMLINK_NOFOLLOW) != 0 {
                throw obstacle("given away", inner)
            }
        }
        guard fchown(descriptor, user, group) == 0 else { throw obstacle("given away", path) }
    }
}
