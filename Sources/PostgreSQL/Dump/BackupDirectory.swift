import Backups
import CLinux
import Glibc

/// What a dump needs of the file system, with errors that say what to do.
enum BackupDirectory {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func obstacle(_ doing: String, _ path: String, code: Int32 = errno) -> Obstacle {
        let text = "can't \(doing) \(path): \(String(cString: strerror(code)))"
        switch code {
        case ENOSPC, EDQUOT: return Obstacle(.diskFull, text, hint: "Free space, or choose another directory.")
        case EACCES, EPERM, EROFS:
            return Obstacle(.permissionDenied, text, hint: "Give this user the right to write there.")
        case ENOENT, ENOTDIR: return Obstacle(.unreadable, text, hint: "Make the directory, or name another.")
        case ELOOP, ENAMETOOLONG: return Obstacle(.unreadable, text, hint: "Name another.")
        case EEXIST:
            return Obstacle(
                .unreadable, text,
                hint:
                    "Something of that name came meanwhile, and no backup is ever overwritten: look which job made it.")
        case EMFILE, ENFILE:
            return Obstacle(.outOfMemory, text, hint: "Allow more open files (ulimit -n, LimitNOFILE of the unit).")
        case EIO: return Obstacle(.unreadable, text, hint: "Look at the disk (dmesg), or choose another directory.")
        default: return Obstacle(.unreadable, text, hint: "Choose a directory on another file system.")
        }
    }

    /// Names in a directory, without `.` and `..`, in no order.
    static func entries(of directory: String) throws -> [String] {
        guard let stream = opendir(directory) else { throw obstacle("read", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw obstacle("write", name) }
            written += count
        }
    }

    static func synchronize(descriptor: Int32, _ name: String) throws {
        guard fsync(descriptor) == 0 else { throw obstacle("synchronize", name) }
    }

    /// fsync of a file or a directory's own entry.
    static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw obstacle("open", path) }
        defer { close(descriptor) }
        try synchronize(descriptor: descriptor, path)
    }

    /// fsync of everything in and under `path`.
    static func synchronizeTree(_ path: String) throws {
        if isDirectory(path) {
            for name in try entries(of: path) { try synchronizeTree("\(path)/\(name)") }
        }
        try synchronize(path)
    }

    /// rename(2) that never replaces anything.
    static func renameNew(_ path: String, to target: String) throws {
        guard restorable_rename_new(path, target) != 0 else { return }
        guard errno == EINVAL || errno == ENOSYS else { throw obstacle("rename a file to", target) }
        // A file system without the flag: the check and the rename are two steps, and only we make such names.
        guard !exists(target) else { throw obstacle("rename a file to", target, code: EEXIST) }
        guard rename(path, target) == 0 else { throw obstacle("rename a file to", target) }
    }

    /// Removes a file or a whole directory; never follows a link. What can't be removed stays, under its partial name.
    static func removeTree(_ path: String) {
        if isDirectory(path) {
            for name in (try? entries(of: path)) ?? [] { removeTree("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
