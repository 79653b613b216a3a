import FoundationEssentials
import Glibc

/// Lines of JSON into a stream.
enum LineWriter {
    /// - Returns: whether all of it was written.
    @discardableResult
    static func writeLine(_ value: some Encodable, to descriptor: Int32) -> Bool {
        guard let bytes = try? JSONEncoder().encode(value) else { return false }
        let line: [UInt8] = Array(bytes) + [UInt8(ascii: "\n")]
        return writeBytes(line, to: descriptor)
    }

    @discardableResult
    static func writeBytes(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
