import Backups

/// One file of a directory archive that is to be read through.
struct DirectoryTask: Sendable {
    /// The entry whose rows it holds; `nil` for a large object.
    let entry: TOCEntry?
    /// Its name as it lies there, with the suffix of its compression.
    let file: String
    let compression: Compression
}
