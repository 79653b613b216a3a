/// How strong a verdict is.
package enum Proof: String, Codable, Sendable, CaseIterable {
    /// Nothing was proved.
    case none
    /// The backup agrees with itself: checksums of its format, structure, rows in the dump = rows restored.
    case itself = "self"
    /// Rows lie where production's own counters say they must.
    case bounds
    /// Equal to what was there when the backup was made.
    case manifest
}

/// Whether a flipped letter in the content would have been seen.
package enum ContentProof: String, Codable, Sendable {
    case proved
    case unproved
}
