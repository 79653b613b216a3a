import Backups
internal import Glibc

/// What lies in a directory.
struct DirectoryListing {
    /// Suffixes of compressed files, in the order in which pg_restore looks for them.
    ///
    /// Source: PostgreSQL 18 src/bin/pg_dump/compress_io.c, InitDiscoverCompressFileHandle.
    private static let suffixes: [(String, Compression)] = [
        ("", .none), (".gz", .gzip), (".lz4", .lz4), (".zst", .zstd),
    ]

    let path: String
    /// Bytes of each file, by its name.
    private(set) var sizes: [String: UInt64] = [:]

    var names: Set<String> { Set(sizes.keys) }
    var totalSize: UInt64 { sizes.values.reduce(0) { $0.addingSaturated($1) } }

    /// - Throws: ``Obstacle`` when it can't be listed.
    init(_ path: String) throws {
        self.path = path
        guard let directory = opendir(path) else { throw SystemError.obstacle("list", path) }
        defer { closedir(directory) }
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw SystemError.obstacle("list", path) }
                return
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { sizes[name] = Self.size(of: name, in: dirfd(directory)) }
        }
    }

    /// For progress and order only: who reads it finds out what is wrong with it.
    private static func size(of name: String, in directory: Int32) -> UInt64 {
        var status = stat()
        return fstatat(directory, name, &status, 0) == 0 ? UInt64(clamping: status.st_size) : 0
    }

    /// The file that pg_restore would take for `name`: by its suffix, itself, or compressed. `nil` when there is none.
    func file(for name: String) -> (name: String, compression: Compression)? {
        if sizes[name] != nil {
            let own = Self.suffixes.dropFirst().first { name.hasSuffix($0.0) }
            return (name, own?.1 ?? .none)
        }
        for (suffix, compression) in Self.suffixes where sizes[name + suffix] != nil {
            return (name + suffix, compression)
        }
        return nil
    }
}
