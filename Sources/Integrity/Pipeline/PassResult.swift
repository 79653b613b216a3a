package import Backups

/// What an ``IntegrityPass`` found when nothing was wrong.
package struct PassResult: Sendable {
    package let storedBytes: UInt64
    package let contentBytes: UInt64
    /// Of the stored bytes.
    package let sha256: SHA256Digest
    /// gzip members, zstd or lz4 frames, xz or bzip2 streams; 0 when nothing is compressed.
    package let members: Int
    /// Every byte of the content is covered by a checksum, which was compared.
    package let hasContentChecksum: Bool
    /// From the first to the last; only for gzip.
    package let checkpoints: [Checkpoint]

    /// A flipped letter or a part gone missing would have been seen. Not so with several members, each of which is
    /// whole in itself: one of them may be gone with nothing to show it.
    package var content: ContentProof { hasContentChecksum && members == 1 ? .proved : .unproved }
}
