/// A second reader of the data blocks of a custom archive, with zlib: what our own is held against.
enum StoredBlocks {
    /// The inflated content of all blocks, one after the other, each behind its number; `nil` when zlib does not take it.
    static func content(of archive: [UInt8], from start: Int) -> [UInt8]? {
        var position = start
        func integer() -> Int? {
            guard position + 5 <= archive.count else { return nil }
            defer { position += 5 }
            let bytes = archive[(position + 1)..<(position + 5)]
            return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func stream() -> [UInt8]? {
            var stored: [UInt8] = []
            while let length = integer(), length > 0, position + length <= archive.count {
                stored += archive[position..<(position + length)]
                position += length
            }
            return TestCompression.inflated(stored)
        }
        var content: [UInt8] = []
        while position < archive.count {
            let type = archive[position]
            position += 1
            guard let identifier = integer() else { return nil }
            content += Array("<\(type) \(identifier)>".utf8)
            guard type == 3 else {
                guard let block = stream() else { return nil }
                content += block
                continue
            }
            while let object = integer(), object != 0 {
                guard let block = stream() else { return nil }
                content += Array("<\(object)>".utf8) + block
            }
        }
        return content
    }
}
