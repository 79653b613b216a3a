import CZlib

/// Compresses in memory (RFC 1952). The same bytes give the same bytes: the head carries no time and no name.
enum Gzip {
    /// Of 4.4 MB of metrics level 2 makes 408 kB in 11 ms, level 6 makes 368 kB in 28 ms, level 9 needs 91 ms (zlib 1.2.13,
    /// 1,000 databases with values of their own): lines that repeat each other are found by any of them.
    private static let level: Int32 = 2

    /// - Returns: one gzip member; `nil` when zlib has no memory for it, or `content` is beyond 4 GiB.
    static func compress(_ content: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 is the window of 32 KiB, 16 asks for gzip's head and tail; 8 is zlib's default for memory.
        let result = deflateInit2_(
            &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, uLong(content.count)))
        guard let inputLength = UInt32(exactly: content.count), let room = UInt32(exactly: bound) else { return nil }

        let compressed = content.withUnsafeBytes { input in
            withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { output -> [UInt8]? in
                // zlib's interface knows no const; it only reads from here.
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = inputLength
                stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = room
                guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
                return Array(output.prefix(Int(stream.total_out)))
            }
        }
        return compressed
    }
}
