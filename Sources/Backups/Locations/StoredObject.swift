/// One object as a location lists it: a file, a key of a bucket.
package struct StoredObject: Sendable, Equatable {
    /// Relative to the location; parts are separated by `/`. Compared byte by byte.
    package var path: String
    /// Bytes.
    package var size: UInt64
    /// When it was last written to, as the location says.
    package var modified: Timestamp
    /// What tells this version of it from another (an ETag, RFC 9110, 8.8.3); `nil` where the location has none.
    package var tag: String?

    package init(path: String, size: UInt64, modified: Timestamp, tag: String? = nil) {
        self.path = path
        self.size = size
        self.modified = modified
        self.tag = tag
    }
}
