internal import Synchronization

/// CRC-32C of each chunk of stored bytes, from the first one on, as far as they were read in order.
final class ChunkSums: Sendable {
    /// Bytes of a chunk; the last one may be shorter. 8 MiB of sums for each TiB.
    static let length: UInt64 = 512 << 10

    private let sums = Mutex<[UInt32]>([])

    /// - Returns: `nil` where it was not read to its end yet.
    func sum(of chunk: UInt64) -> UInt32? {
        sums.withLock { chunk < UInt64($0.count) ? $0[Int(chunk)] : nil }
    }

    /// Keeps the sum of a chunk that follows those that are known. One that is known stays as it is.
    func note(_ sum: UInt32, of chunk: UInt64) {
        sums.withLock { if chunk == UInt64($0.count) { $0.append(sum) } }
    }
}
