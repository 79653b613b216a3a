/// The bytes of one stored file, as they lie there: compressed, perhaps encrypted.
package protocol StoredBytes: Sendable {
    /// For messages.
    var name: String { get }
    /// `nil` when it is not known before the end.
    var size: UInt64? { get }
    /// A reader from `offset` on. Each reader is independent of the others.
    /// - Throws: ``Obstacle`` when the bytes can't be had.
    func makeReader(at offset: UInt64) throws -> any ByteReader
}
