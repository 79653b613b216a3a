import Backups

/// One way in which the bytes of a backup go wrong, as a value: the same damage for the same value.
package enum Damage: Sendable, Hashable, CustomStringConvertible {
    /// One bit, counted from the least significant bit of the first byte.
    case flipBit(UInt64)
    /// Everything from this offset on is missing.
    case cut(at: Int)
    /// The last bytes are missing.
    case cutEnd(Int)
    /// Bytes after the end.
    case append([UInt8])
    /// Bytes in front.
    case prepend([UInt8])
    /// Bytes in the middle, as standard error gets between.
    case insert([UInt8], at: Int)
    /// These bytes are missing.
    case drop(Range<Int>)
    /// These bytes are zeros, as after a crash of a file system.
    case zero(Range<Int>)
    /// The whole content is another.
    case replace([UInt8])

    package func applied(to bytes: [UInt8]) -> [UInt8] {
        var damaged = bytes
        switch self {
        case .flipBit(let bit):
            guard !bytes.isEmpty else { return bytes }
            damaged[Int(bit / 8) % bytes.count] ^= 1 << UInt8(bit % 8)
        case .cut(let offset): damaged = Array(bytes.prefix(offset))
        case .cutEnd(let count): damaged = Array(bytes.dropLast(count))
        case .append(let tail): damaged += tail
        case .prepend(let head): damaged = head + bytes
        case .insert(let middle, let offset): damaged.insert(contentsOf: middle, at: min(offset, bytes.count))
        case .drop(let range): damaged.removeSubrange(range.clamped(to: 0..<bytes.count))
        case .zero(let range):
            for index in range.clamped(to: 0..<bytes.count) { damaged[index] = 0 }
        case .replace(let other): damaged = other
        }
        return damaged
    }

    /// Damages the file at `path` into `output`.
    /// - Returns: `output`.
    @discardableResult
    package func copy(_ path: String, to output: String) throws -> String {
        try TestFile.write(applied(to: TestFile.read(path)), to: output)
        return output
    }

    package var description: String {
        switch self {
        case .flipBit(let bit): "bit \(bit % 8) of byte \(bit / 8) flipped"
        case .cut(let offset): "cut at byte \(offset)"
        case .cutEnd(let count): "the last \(count) bytes missing"
        case .append(let tail): "\(tail.count) bytes appended"
        case .prepend(let head): "\(head.count) bytes in front"
        case .insert(let middle, let offset): "\(middle.count) bytes inserted at \(offset)"
        case .drop(let range): "bytes \(range) missing"
        case .zero(let range): "bytes \(range) zero"
        case .replace: "another content"
        }
    }
}
