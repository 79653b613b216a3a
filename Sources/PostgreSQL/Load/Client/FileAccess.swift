import Glibc

/// Who may read a file.
enum FileAccess {
    /// Whether any user may read the file, or the directory and all in it, and pass every directory above.
    static func isReadableByEveryone(_ path: String) -> Bool {
        guard let resolved = realpath(path, nil) else { return false }
        defer { free(resolved) }
        let full = String(cString: resolved)
        guard isReadable(full) else { return false }
        var above = full
        while let slash = above.lastIndex(of: "/"), above != "/" {
            above = slash == above.startIndex ? "/" : String(above[..<slash])
            guard let mode = mode(of: above), mode & S_IXOTH != 0 else { return false }
        }
        return true
    }

    private static func isReadable(_ path: String) -> Bool {
        guard let mode = mode(of: path), mode & S_IROTH != 0 else { return false }
        guard mode & S_IFMT == S_IFDIR else { return true }
        guard mode & S_IXOTH != 0, let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            guard let mode = Self.mode(of: "\(path)/\(name)"), mode & S_IROTH != 0 else { return false }
        }
        return true
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
