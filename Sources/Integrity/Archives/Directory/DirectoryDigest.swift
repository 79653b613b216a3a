package import Backups

/// The one digest of a directory archive: the SHA-256 over a line `<hex sha256>  <file name>\n` for each of its files,
/// sorted by the bytes of the name. `sha256sum toc.dat *.dat* | LC_ALL=C sort -k2 | sha256sum` prints the same.
package enum DirectoryDigest {
    /// One file.
    package struct Line: Sendable, Equatable {
        package let name: String
        package let facts: StoredFacts

        package init(name: String, facts: StoredFacts) {
            self.name = name
            self.facts = facts
        }
    }

    /// Digest, and sum of the sizes.
    package static func facts(of files: [Line]) throws -> StoredFacts {
        let digest = try SHA256()
        let sorted = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for file in sorted {
            try Array("\(file.facts.sha256)  \(file.name)\n".utf8).withUnsafeBytes { try digest.update($0) }
        }
        return StoredFacts(size: files.reduce(0) { $0.addingSaturated($1.facts.size) }, sha256: try digest.finish())
    }
}
