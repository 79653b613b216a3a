import CPQ

/// The data of one `COPY … FROM STDIN` on its way to the server.
///
/// Exactly one of ``end()`` and ``abort(_:)`` must be called before the connection is used again.
package final class CopyIn {
    /// libpq wants the length of one message as a 32-bit number and keeps a copy of each: pieces stay small.
    private static let largestPiece = 1 << 20

    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// Sends bytes, which need not end with a row.
    /// - Throws: what the server said, when it gave up already; then the copy is over.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try connection.running {
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.largestPiece))
                let base = piece.assumingMemoryBound(to: CChar.self).baseAddress
                guard PQputCopyData(connection.handle, base, Int32(piece.count)) == 1 else {
                    _ = try connection.collectResults()
                    throw connection.failure(nil)
                }
                rest = rest.dropFirst(piece.count)
            }
        }
    }

    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Ends the data.
    /// - Returns: the rows that the server took, as its command tag says.
    package func end() throws -> UInt64 {
        try connection.running {
            guard PQputCopyEnd(connection.handle, nil) == 1 else {
                _ = try connection.collectResults()
                throw connection.failure(nil)
            }
            return try connection.collectResults().last?.affectedRows ?? 0
        }
    }

    /// Ends the copy with an error: the server takes none of the rows. Says nothing when that fails as well.
    package func abort(_ message: String) {
        PQputCopyEnd(connection.handle, message)
        while let result = PQgetResult(connection.handle) {
            PQclear(result)
            if connection.isLost { return }
        }
    }
}
