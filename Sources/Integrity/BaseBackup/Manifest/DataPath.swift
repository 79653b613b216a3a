/// Where a file of a data directory lies: relative to that directory, with `/`, in the bytes that the kernel knows it by,
/// for a name need not be UTF-8.
package struct DataPath: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// For messages.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it stays below the directory: no empty step, no `.`, no `..`, and not absolute.
    package var staysBelow: Bool {
        let steps = bytes.split(separator: Self.slash, omittingEmptySubsequences: false)
        return !bytes.contains(0)
            && !steps.contains { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    }

    package func appending(_ name: [UInt8]) -> DataPath {
        DataPath(bytes: bytes.isEmpty ? name : bytes + [Self.slash] + name)
    }

    /// Whether it lies in `directory`, at any depth.
    package func isWithin(_ directory: DataPath) -> Bool {
        bytes.count > directory.bytes.count && bytes[directory.bytes.count] == Self.slash
            && bytes.starts(with: directory.bytes)
    }

    /// The directory that it lies in; `nil` for what lies in the data directory itself.
    package var parent: DataPath? {
        bytes.lastIndex(of: Self.slash).map { DataPath(bytes: Array(bytes[..<$0])) }
    }

    /// For system calls: below `root`, with a zero at its end.
    func systemPath(below root: String) -> [CChar] {
        let whole = Array(root.utf8) + (bytes.isEmpty ? [] : [Self.slash] + bytes) + [0]
        return whole.map { CChar(bitPattern: $0) }
    }

    private static let slash = UInt8(ascii: "/")
}

extension DataPath {
    /// The write-ahead log.
    package static let wal = DataPath("pg_wal")
    /// Where a server keeps the links to its tablespaces.
    package static let tablespaces = DataPath("pg_tblspc")
}
