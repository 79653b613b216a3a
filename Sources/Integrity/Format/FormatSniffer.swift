package import Backups

/// Tells what a backup is from its first bytes, and from those within when they are compressed. Never from its name.
package enum FormatSniffer {
    /// How much of the file is looked at, and how much of what comes out when it is decompressed.
    static let prefixLength = 64 << 10

    /// Looks at the first bytes of `source`.
    /// - Throws: ``Obstacle`` when they can't be read.
    package static func sniff(_ source: any StoredBytes) throws -> Sniffed {
        let reader = try source.makeReader(at: 0)
        var prefix = [UInt8](repeating: 0, count: prefixLength)
        var filled = 0
        while filled < prefix.count {
            let count = try prefix.withUnsafeMutableBytes {
                try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if count == 0 { break }
            filled += count
        }
        return sniff(prefix: Array(prefix[..<filled]))
    }

    /// - Parameter prefix: the first bytes of a file, 64 KiB or all there are.
    ///
    /// When a compressed file is damaged before anything comes out of it, it is taken for a plain dump: the integrity
    /// pass then says what is wrong with it.
    package static func sniff(prefix: [UInt8]) -> Sniffed {
        guard let compression = Signature.compression(of: prefix) else {
            return sniff(content: prefix, compression: .none)
        }
        switch content(of: prefix, compression) {
        case .some(let content): return sniff(content: content, compression: compression)
        case nil: return .dump(.plain, compression)
        }
    }

    private static func sniff(content: [UInt8], compression: Compression) -> Sniffed {
        if content.isEmpty { return .empty(compression) }
        if let name = Signature.stump(content) { return .stump(name: name) }
        if let inner = Signature.compression(of: content) {
            return .unsupported(
                name: "\(inner.rawValue) within \(compression.rawValue)", hint: "decompress it once, or use --filter")
        }
        if let sniffed = Signature.sniff(content, compression) { return sniffed }
        return TextSniffer(content).sniff(compression)
    }

    /// The first bytes of what is within; empty when that is nothing, `nil` when nothing can be seen of it.
    private static func content(of prefix: [UInt8], _ compression: Compression) -> [UInt8]? {
        var content: [UInt8] = []
        // Small pieces: what was decoded before damage, or before the prefix ends, is then kept but for one piece.
        var piece = [UInt8](repeating: 0, count: 256)
        do {
            let decoder = try compression.makeDecoder(MemorySource(prefix))
            while content.count < prefixLength {
                let count = try piece.withUnsafeMutableBytes { try decoder.decode(into: $0) }
                if count == 0 { break }
                content += piece[..<count]
            }
            return content
        } catch {
            // Damage, or only the end of the prefix: either way the pass over the whole file finds out.
            return content.isEmpty ? nil : content
        }
    }
}

/// Lends bytes in memory.
final class MemorySource: ChunkSource {
    private let memory: UnsafeMutableRawBufferPointer
    private var isLent = false

    init(_ bytes: [UInt8]) {
        memory = .allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
    }

    deinit {
        memory.deallocate()
    }

    func nextChunk() -> UnsafeRawBufferPointer {
        defer { isLent = true }
        return isLent ? UnsafeRawBufferPointer(start: nil, count: 0) : UnsafeRawBufferPointer(memory)
    }
}
