import Glibc

/// Searches of the hot loop, by the C library's vectorised memchr.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func firstNewline(from index: Int) -> Int? { first(.newline, in: index..<count) }

    @inline(__always)
    func firstNul(in range: Range<Int>) -> Int? { first(0, in: range) }

    @inline(__always)
    private func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        guard let baseAddress, let found = memchr(baseAddress + range.lowerBound, Int32(byte), range.count) else {
            return nil
        }
        return UnsafeRawPointer(found) - baseAddress
    }
}
