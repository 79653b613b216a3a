/// A place in the content of a backup: after decompression, before interpretation.
package struct SourceLocation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Bytes from the start of the content.
    package let offset: UInt64
    /// Line of the content, from 1; `nil` where the content has no lines.
    package let line: UInt64?

    package init(offset: UInt64, line: UInt64? = nil) {
        self.offset = offset
        self.line = line
    }

    package var description: String {
        line.map { "line \($0) (byte \(offset))" } ?? "byte \(offset)"
    }
}
