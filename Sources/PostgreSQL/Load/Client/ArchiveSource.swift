package import Integrity

/// An archive of pg_dump, as pg_restore gets it.
package enum ArchiveSource: Sendable {
    /// A custom archive, a tar, or a directory, as it is stored.
    case path(String)
    /// A custom archive or tar that is stored in another form (compressed as a whole, encrypted): piped in.
    case content(any Content)
}
