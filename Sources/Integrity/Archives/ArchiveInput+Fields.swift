import Backups

extension ArchiveInput {
    /// A string longer than this is not one that pg_dump wrote (the server's own limit for a field is 1 GB).
    private static let longestString = 1 << 30

    /// - Throws: ``ContentDamage`` unless it is what `WriteInt` makes of a C `int`.
    func integer() throws -> Int {
        let sign = try byte()
        guard sign <= 1 else {
            throw damage("structure", .corrupt, "a number has the sign byte \(sign), which is neither 0 nor 1")
        }
        let magnitude = try unsigned(bytes: integerSize)
        guard magnitude <= UInt64(Int32.max) + UInt64(sign) else {
            throw damage("structure", .corrupt, "the number \(magnitude) is out of range")
        }
        return sign == 1 ? -Int(magnitude) : Int(magnitude)
    }

    /// An object identifier, which pg_dump writes as an `int`: from 2^31 on it looks negative.
    func objectIdentifier() throws -> UInt32 {
        UInt32(bitPattern: Int32(truncatingIfNeeded: try integer()))
    }

    /// `count` bytes, lowest first.
    func unsigned(bytes count: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count {
            let byte = UInt64(try byte())
            guard index < 8 else {
                guard byte == 0 else { throw damage("structure", .corrupt, "a number is out of range") }
                continue
            }
            value |= byte << UInt64(8 * index)
        }
        return value
    }

    /// - Returns: `nil` for the absent string.
    /// - Parameter limit: a field that is never longer; a longer one is damage.
    func bytes(limit: Int, of field: String) throws -> [UInt8]? {
        guard let length = try stringLength(of: field) else { return nil }
        guard length <= limit else {
            throw damage("toc", .corrupt, "the \(field) of an entry claims \(length) bytes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(length, 64 << 10))
        try forEachPiece(of: length, field) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// As ``bytes(limit:of:)``, decoded; bytes that are no UTF-8 become U+FFFD.
    func string(limit: Int = 1 << 20, of field: String) throws -> String? {
        try bytes(limit: limit, of: field).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Goes past a string of any length, looking only for what no text has.
    /// - Returns: whether there was one that is not empty.
    func skipString(of field: String) throws -> Bool {
        guard let length = try stringLength(of: field) else { return false }
        try forEachPiece(of: length, field) { _ in }
        return length > 0
    }

    private func stringLength(of field: String) throws -> Int? {
        let length = try integer()
        guard length >= 0 else {
            guard length == -1 else {
                throw damage("toc", .corrupt, "the \(field) of an entry has the length \(length)")
            }
            return nil
        }
        guard length <= Self.longestString else {
            throw damage("toc", .corrupt, "the \(field) of an entry claims \(length) bytes")
        }
        return length
    }

    private func forEachPiece(of length: Int, _ field: String, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        var rest = length
        while rest > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: try peek().prefix(rest))
            guard !piece.isEmpty else { throw cut("the \(field) of an entry of the table of contents") }
            guard !piece.contains(0) else {
                throw damage("toc", .corrupt, "the \(field) of an entry has a zero byte, which no text has")
            }
            body(piece)
            advance(piece.count)
            rest -= piece.count
        }
    }
}
