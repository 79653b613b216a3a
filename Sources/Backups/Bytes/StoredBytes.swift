/// The bytes of one stored file, as they lie there: compressed, perhaps encrypted.
package protocol StoredBytes: Sendable {
    /// For messages.
    var name: String { get }
    /// `nil` when it is not known before the end.
    var size: UInt64? { get }
    /// When it was last written to, as the place where it lies says; `nil` where that is not known.
    var modified: Timestamp? { get }
    /// Size and digest of the file, from a source whose readers give something else than what is stored (a filter
    /// decrypts it), once they were read to the end. `nil` from all others: whoever reads them digests what is read.
    var factsBeforeFilter: StoredFacts? { get }
    /// What to read once more where these bytes may have been damaged on their way here; `nil` where no line lies between, or
    /// where readers hold what came against a digest that the store has of it.
    var overLine: (any StoredBytes)? { get }
    /// A reader from `offset` on. Each reader is independent of the others.
    /// - Throws: ``Obstacle`` when the bytes can't be had.
    func makeReader(at offset: UInt64) throws -> any ByteReader
}

extension StoredBytes {
    package var modified: Timestamp? { nil }
    package var factsBeforeFilter: StoredFacts? { nil }
    package var overLine: (any StoredBytes)? { nil }
}
