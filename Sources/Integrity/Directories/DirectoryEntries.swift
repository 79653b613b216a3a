package import Backups
internal import Glibc

/// What lies in one directory, links followed. Whoever walks through directories looks through this, so that there is one answer
/// to what goes wrong: what leads to nothing is not there, what may not be looked at is named, and anything else ends the look,
/// for it says nothing of what is there.
package struct DirectoryEntries {
    /// A file or a directory; pipes, sockets and devices are left out.
    package struct Entry {
        package let name: String
        package let isDirectory: Bool
        /// Bytes.
        package let size: UInt64
        package let modified: Timestamp
        /// Tells it from all others.
        package let place: Place
        /// Tells this version of it from another.
        package let tag: String

        fileprivate init(_ name: String, _ status: stat) {
            self.name = name
            isDirectory = status.st_mode & S_IFMT == S_IFDIR
            size = UInt64(clamping: status.st_size)
            modified = Timestamp(status.st_mtim)
            place = Place(status)
            tag = "\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }

    package struct Place: Hashable {
        package let device: UInt64
        private let inode: UInt64

        fileprivate init(_ status: stat) { (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino)) }
    }

    /// Of the directory itself.
    package let place: Place
    /// All that were wanted, also of what leads to nothing. Names that are no UTF-8 are left out: no pattern matches them, and no
    /// report can name them.
    package let names: [String]
    /// In no order.
    package let entries: [Entry]
    /// Names of what is there and may not be looked at.
    package let closed: [String]

    /// Lists `directory`.
    /// - Parameter isWanted: by name; `.` and `..` are never asked for.
    /// - Throws: ``UnlistedDirectory`` when it can't be listed, or it can't be found out what lies in it.
    package init(_ directory: String, where isWanted: (String) -> Bool = { _ in true }) throws {
        try self.init(directory, where: isWanted) { fstatat($0, $1, &$2, 0) }
    }

    /// - Parameter look: as fstatat(2): 0, or something else and `errno`.
    init(
        _ directory: String, where isWanted: (String) -> Bool,
        look: (_ descriptor: Int32, _ name: String, _ status: inout stat) -> Int32
    ) throws {
        guard let stream = opendir(directory) else { throw UnlistedDirectory(path: directory, code: errno) }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw UnlistedDirectory(path: directory, code: errno) }
        place = Place(status)
        names = try Self.names(stream, directory).filter(isWanted)
        var (entries, closed): ([Entry], [String]) = ([], [])
        for name in names {
            guard look(dirfd(stream), name, &status) == 0 else {
                let trouble = UnlistedDirectory(path: "\(directory)/\(name)", code: errno)
                if trouble.isGone { continue }
                guard trouble.isDenied else { throw trouble }
                closed.append(name)
                continue
            }
            if [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) { entries.append(Entry(name, status)) }
        }
        (self.entries, self.closed) = (entries, closed)
    }

    /// The same; `nil` when there is no such directory.
    package static func ifThere(
        _ directory: String, where isWanted: (String) -> Bool = { _ in true }
    ) throws -> DirectoryEntries? {
        do {
            return try DirectoryEntries(directory, where: isWanted)
        } catch let trouble as UnlistedDirectory where trouble.isGone {
            return nil
        }
    }

    /// One file or directory by its path; `nil` when it is not there, or neither.
    /// - Throws: ``UnlistedDirectory`` when that can't be found out.
    package static func find(_ path: String) throws -> Entry? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let trouble = UnlistedDirectory(path: path, code: errno)
            if trouble.isGone { return nil }
            throw trouble
        }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) ? Entry(path, status) : nil
    }

    private static func names(_ stream: OpaquePointer, _ directory: String) throws -> [String] {
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw UnlistedDirectory(path: directory, code: errno) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
    }
}
