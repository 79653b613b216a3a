import CZlib

/// zlib as the other opinion on gzip.
enum ZlibOracle {
    struct Refusal: Error {}

    /// One member of `content`.
    static func member(_ content: [UInt8], level: Int32 = 6, header: Header = Header()) -> [UInt8] {
        var stream = z_stream()
        let code = deflateInit2_(
            &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK)
        defer { deflateEnd(&stream) }
        var name = header.name
        var comment = header.comment
        var extra = header.extra
        var input = content
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))) + 1024 + extra.count)
        return name.withUnsafeMutableBufferPointer { name in
            comment.withUnsafeMutableBufferPointer { comment in
                extra.withUnsafeMutableBufferPointer { extra in
                    var fields = gz_header()
                    fields.os = 3
                    fields.hcrc = header.checksum ? 1 : 0
                    if name.count > 1 { fields.name = name.baseAddress }
                    if comment.count > 1 { fields.comment = comment.baseAddress }
                    if !extra.isEmpty {
                        fields.extra = extra.baseAddress
                        fields.extra_len = UInt32(extra.count)
                    }
                    deflateSetHeader(&stream, &fields)
                    return input.withUnsafeMutableBufferPointer { input in
                        output.withUnsafeMutableBufferPointer { output in
                            stream.next_in = input.baseAddress
                            stream.avail_in = UInt32(input.count)
                            stream.next_out = output.baseAddress
                            stream.avail_out = UInt32(output.count)
                            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                            return Array(output.prefix(Int(stream.total_out)))
                        }
                    }
                }
            }
        }
    }

    struct Header {
        var name: [UInt8] = [0]
        var comment: [UInt8] = [0]
        var extra: [UInt8] = []
        var checksum = false

        init(name: String = "", comment: String = "", extra: [UInt8] = [], checksum: Bool = false) {
            self.name = Array(name.utf8) + [0]
            self.comment = Array(comment.utf8) + [0]
            self.extra = extra
            self.checksum = checksum
        }
    }

    /// The content of any number of members, and nothing but zeros after the last.
    /// - Throws: ``Refusal`` for all else.
    static func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
        var rest = bytes[...]
        var content: [UInt8] = []
        repeat {
            let taken = try inflateMember(Array(rest), into: &content)
            rest = rest.dropFirst(taken)
        } while !rest.isEmpty && rest.first != 0
        guard rest.allSatisfy({ $0 == 0 }) else { throw Refusal() }
        return content
    }

    private static func inflateMember(_ bytes: [UInt8], into content: inout [UInt8]) throws -> Int {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Refusal()
        }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: 1 << 16)
        return try input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while true {
                let (code, made) = output.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    return (CZlib.inflate(&stream, Z_NO_FLUSH), output.count - Int(stream.avail_out))
                }
                content += output.prefix(made)
                if code == Z_STREAM_END { return input.count - Int(stream.avail_in) }
                guard code == Z_OK, made > 0 || stream.avail_in > 0 else { throw Refusal() }
            }
        }
    }
}
