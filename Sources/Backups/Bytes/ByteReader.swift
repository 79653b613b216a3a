/// Bytes in order, pulled by one thread at a time. Blocking: never call it on the cooperative pool.
package protocol ByteReader: AnyObject {
    /// Fills the front of `buffer` with the next bytes.
    /// - Returns: how many; 0 only at the end.
    /// - Throws: ``Obstacle`` when they could not be read, `ContentDamage` when they are not what their format says.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
