/// An object that is being written. It is there, whole, once ``finish()`` has returned, and not at all before: whoever
/// lists or opens the location meanwhile finds what was there before, or nothing. One thread at a time; blocking.
///
/// One that is released without ``finish()`` is abandoned.
package protocol ObjectWriter: AnyObject {
    /// - Throws: ``Obstacle`` when the bytes could not be stored; then ``abandon()`` is all that can be done.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// Makes what was written an object, durable as far as the location promises it.
    /// - Throws: ``Obstacle``; then nothing is there.
    func finish() throws
    /// Removes what was written. Does nothing after ``finish()``.
    func abandon()
}

extension ObjectWriter {
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }
}
