/// How far a recovery went, and how long it took.
package struct DrillFacts: Sendable, Equatable {
    /// As it was asked for.
    package var target: String
    /// Where the archive lies.
    package var archive: String
    /// The first byte that was not replayed, as `16/B374D848`; `nil` where the recovery did not come to an end.
    package var end: String?
    /// The timeline that was recovered along; `nil` as above.
    package var timeline: UInt32?
    /// When the last transaction that was replayed was committed, or rolled back.
    package var lastTransaction: Timestamp?
    /// Files of the archive that were handed over, and their bytes, unpacked.
    package var files: Int
    package var bytes: UInt64
    /// Seconds that the server replayed, and those from there until it accepted connections.
    package var replaySeconds: Double?
    package var promoteSeconds: Double?

    package init(target: String, archive: String, files: Int = 0, bytes: UInt64 = 0) {
        self.target = target
        self.archive = archive
        self.files = files
        self.bytes = bytes
    }

    var json: JSONValue {
        .object([
            .init("target", .string(target)),
            .init("archive", .string(archive)),
            .init("recovered_to", .optional(end)),
            .init("timeline", timeline.map { .integer(Int64($0)) } ?? .null),
            .init("last_transaction_at", .optional(lastTransaction)),
            .init("archived_files", .integer(Int64(files))),
            .init("archived_bytes", .unsigned(bytes)),
            .init("replay_seconds", replaySeconds.map { .number($0) } ?? .null),
            .init("promote_seconds", promoteSeconds.map { .number($0) } ?? .null),
        ])
    }
}
