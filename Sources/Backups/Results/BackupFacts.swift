/// What is known of a backup as it lies there.
package struct BackupFacts: Sendable, Equatable {
    /// The directory, or what else it was found in; `-` for standard input.
    package var location: String
    package var name: String
    /// `nil` until it was recognised.
    package var format: BackupFormat?
    package var compression: Compression?
    /// Bytes stored; `nil` where they could not be read to the end.
    package var sizeBytes: UInt64?
    /// Of the stored bytes; `nil` where they could not be read to the end, and for directories.
    package var sha256: SHA256Digest?
    package var time: DataTime
    /// Bytes of content, after decompression.
    package var contentBytes: UInt64?
    /// What the dump says of the server and the tool it comes from.
    package var dumpedFrom: String?
    package var dumpedBy: String?

    package init(
        location: String, name: String, format: BackupFormat? = nil, compression: Compression? = nil,
        sizeBytes: UInt64? = nil, sha256: SHA256Digest? = nil,
        time: DataTime = DataTime(manifest: nil, dumpStart: nil, completedAt: nil)
    ) {
        self.location = location
        self.name = name
        self.format = format
        self.compression = compression
        self.sizeBytes = sizeBytes
        self.sha256 = sha256
        self.time = time
    }
}
