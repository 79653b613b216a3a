import Backups

/// The stored bytes of one data block of a custom archive: chunks, each an integer length and its bytes; a length of 0
/// ends it. Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_custom.c, `_CustomReadFunc` and `_skipData`.
final class ChunkedBlock: ByteReader {
    private let input: ArchiveInput
    private let title: String
    private var restOfChunk = 0
    private var hasEnded = false

    init(_ input: ArchiveInput, of title: String) {
        self.input = input
        self.title = title
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !hasEnded, !target.isEmpty else { return 0 }
        if restOfChunk == 0 {
            restOfChunk = try input.integer()
            guard restOfChunk >= 0 else {
                throw input.damage("data", .corrupt, "a chunk of the data of \(title) has a negative length")
            }
            if restOfChunk == 0 {
                hasEnded = true
                return 0
            }
        }
        let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: target.prefix(restOfChunk)))
        guard count > 0 else { throw input.cut("the data of \(title)") }
        restOfChunk -= count
        return count
    }
}
