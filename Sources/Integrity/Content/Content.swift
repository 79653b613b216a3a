package import Backups

/// The content of a plain dump: the SQL text, whatever it is compressed with.
package protocol Content: Sendable {
    /// Whether a reader may start anywhere at about the same cost (checkpoints, or nothing to inflate).
    /// Otherwise `open(at:)` reads and drops everything before.
    var isSeekable: Bool { get }
    /// A reader from `offset` (bytes of content) on; each is independent of the others.
    func open(at offset: UInt64) throws -> any ByteReader
}
