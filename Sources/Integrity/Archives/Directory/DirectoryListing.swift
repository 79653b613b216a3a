import Backups
internal import Glibc

/// The names in a directory.
struct DirectoryListing {
    /// Suffixes of compressed files, in the order in which pg_restore looks for them.
    ///
    /// Source: PostgreSQL 18 src/bin/pg_dump/compress_io.c, InitDiscoverCompressFileHandle.
    private static let suffixes: [(String, Compression)] = [
        ("", .none), (".gz", .gzip), (".lz4", .lz4), (".zst", .zstd),
    ]

    let path: String
    private(set) var names: Set<String> = []

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
            if name != ".", name != ".." { names.insert(name) }
        }
    }

    /// The file that pg_restore would take for `name`: by its suffix, itself, or compressed. `nil` when there is none.
    func file(for name: String) -> (name: String, compression: Compression)? {
        if names.contains(name) {
            let own = Self.suffixes.dropFirst().first { name.hasSuffix($0.0) }
            return (name, own?.1 ?? .none)
        }
        for (suffix, compression) in Self.suffixes where names.contains(name + suffix) {
            return (name + suffix, compression)
        }
        return nil
    }
}
