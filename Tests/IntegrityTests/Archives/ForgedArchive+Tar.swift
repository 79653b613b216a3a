extension ForgedArchive {
    /// The whole tar archive.
    func tar() -> [UInt8] {
        var members = members()
        members.append(("restore.sql", Array("-- a script\n".utf8)))
        return Self.tar(of: members)
    }

    static func tar(of members: [(name: String, content: [UInt8])]) -> [UInt8] {
        var out: [UInt8] = []
        for (name, content) in members {
            out += header(name, content.count) + content
            out += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        }
        return out + [UInt8](repeating: 0, count: 1024)
    }

    /// A ustar head, after PostgreSQL 18 src/port/tar.c.
    private static func header(_ name: String, _ size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func octal(_ number: Int, _ width: Int) -> String {
            let digits = String(number, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(name, at: 0)
        put("0000600 ", at: 100)
        put(octal(size, 11) + " ", at: 124)
        put(octal(1_700_000_000, 11) + " ", at: 136)
        block[156] = UInt8(ascii: "0")
        put("ustar", at: 257)
        put("00", at: 263)
        put("        ", at: 148)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + " ", at: 148)
        return block
    }
}
