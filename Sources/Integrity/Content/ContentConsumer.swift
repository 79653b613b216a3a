/// Takes the content of a dump in order, on one thread. The last stage of the integrity pass.
package protocol ContentConsumer {
    /// - Parameter bytes: the next bytes of content; not valid after the call. `offset` is where they start.
    /// - Returns: whether a checkpoint at the start of these bytes is worth keeping (a large `COPY` block, or the
    ///   statements after the data, begin in them).
    mutating func consume(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws -> Bool
    /// The content is at its end, and whole as far as its compression can show.
    mutating func finish() throws
}
