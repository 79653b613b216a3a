internal import Backups

/// Formats that say in their first bytes what they are.
enum Signature {
    /// RFC 1952; RFC 8878; The .xz File Format 1.1.0; bzip2 1.0.8; lz4_Frame_format.md 1.6.3.
    static func compression(of bytes: [UInt8]) -> Compression? {
        if bytes.starts(with: [0x1F, 0x8B]) { return .gzip }
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        // Frames to be skipped are common to zstd and lz4, but only pzstd puts them first.
        if bytes.count >= 4, (0x50...0x5F).contains(bytes[0]), bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18]) {
            return .zstd
        }
        if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) { return .xz }
        if bytes.starts(with: [0x04, 0x22, 0x4D, 0x18]) || bytes.starts(with: [0x02, 0x21, 0x4C, 0x18]) {
            return .lz4
        }
        if bytes.starts(with: Array("BZh".utf8)), bytes.count >= 10, (0x31...0x39).contains(bytes[3]) {
            let magic = bytes[4..<10]
            if magic.elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) { return .bzip2 }
            if magic.elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) { return .bzip2 }
        }
        return nil
    }

    /// What a file of so few bytes would have become: with them alone nothing that holds data begins.
    /// - Returns: `nil` when they are more, or other ones.
    static func stump(_ bytes: [UInt8]) -> String? {
        stumps.first { bytes.count < $0.signature.count && $0.signature.starts(with: bytes) }?.name
            ?? bzip2Stump(bytes)
    }

    private static let stumps: [(signature: [UInt8], name: String)] = [
        ([0x1F, 0x8B], "a gzip file"), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file"), ([0x04, 0x22, 0x4D, 0x18], "an lz4 file"),
        ([0x02, 0x21, 0x4C, 0x18], "an lz4 file"), (Array("PGDMP".utf8), "a custom archive"),
        // The name in the first header of pg_dump's tar, which is padded with zeros to 100 bytes.
        (Array("toc.dat".utf8) + [UInt8](repeating: 0, count: 93), "a tar archive"),
    ]

    /// The fourth byte is the size of the blocks, 1 to 9.
    private static func bzip2Stump(_ bytes: [UInt8]) -> String? {
        let isStump = (1...9).contains { size in
            let signature = Array("BZh\(size)".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
            return bytes.count < signature.count && signature.starts(with: bytes)
        }
        return isStump ? "a bzip2 file" : nil
    }

    /// - Returns: `nil` when there is no signature: then it is text, or unknown.
    static func sniff(_ bytes: [UInt8], _ compression: Compression) -> Sniffed? {
        if bytes.starts(with: Array("PGDMP".utf8)) { return .dump(.custom, compression) }
        if let tar = sniffTar(bytes, compression) { return tar }
        if let encryption = encryption(of: bytes) { return .encrypted(encryption) }
        if bytes.allSatisfy({ $0 == 0 }) {
            return .notABackup(
                name: "nothing but zeros, as a crash or an unfinished copy leaves", seen: Seen.start(bytes))
        }
        return known(bytes)
    }

    // MARK: tar

    /// POSIX.1-1988 ustar: names at byte 0 and the magic at byte 257 of each 512-byte header. pg_dump writes `toc.dat`
    /// first (PostgreSQL 15 src/bin/pg_dump/pg_backup_tar.c).
    private static func sniffTar(_ bytes: [UInt8], _ compression: Compression) -> Sniffed? {
        guard bytes.count >= 512, bytes[257..<262].elementsEqual("ustar".utf8) else { return nil }
        let headers = stride(from: 0, to: bytes.count - 511, by: 512).filter {
            bytes[($0 + 257)..<($0 + 262)].elementsEqual("ustar".utf8)
        }
        let names = headers.map { name(bytes[$0..<$0 + 100]) }
        if names.first == "toc.dat" { return .dump(.tar, compression) }
        if names.contains(where: { $0.hasSuffix("/toc.dat") || $0 == "toc.dat" }) {
            return .unsupported(
                name: "a tar file of a directory dump", hint: "unpack it and verify the directory")
        }
        // In the order in which a server sends a base backup.
        if ["backup_label", "tablespace_map", "PG_VERSION", "./backup_label", "./PG_VERSION"].contains(names.first) {
            return .unsupported(
                name: "a tar file of a base backup",
                hint: "name the directory that it lies in, together with its backup_manifest")
        }
        return .unsupported(
            name: "a tar file that does not begin like pg_dump's; its first file is \(Seen.quoted(names.first ?? ""))",
            hint: "unpack it and verify what is in it")
    }

    private static func name(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix(while: { $0 != 0 }), as: UTF8.self)
    }

    // MARK: Encryption

    private static func encryption(of bytes: [UInt8]) -> Encryption? {
        if bytes.starts(with: Array("age-encryption.org/v1".utf8)) { return .age }
        if bytes.starts(with: Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)) { return .age }
        if bytes.starts(with: Array("-----BEGIN PGP MESSAGE-----".utf8)) { return .gpg }
        return isOpenPGP(bytes) ? .gpg : nil
    }

    /// RFC 4880, section 4.2 (packet headers), 5.1 and 5.3: an encrypted message begins with a session key encrypted for
    /// a public key (tag 1, version 3 or 6) or by a passphrase (tag 3, version 4, 5 or 6).
    private static func isOpenPGP(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[0] & 0x80 != 0 else { return false }
        let tag: UInt8
        let lengthBytes: Int
        if bytes[0] & 0x40 != 0 {
            tag = bytes[0] & 0x3F
            lengthBytes = bytes[1] < 192 ? 1 : bytes[1] < 224 ? 2 : 5
        } else {
            tag = bytes[0] >> 2 & 0x0F
            guard bytes[0] & 3 < 3 else { return false }
            lengthBytes = 1 << Int(bytes[0] & 3)
        }
        let version = bytes[1 + lengthBytes]
        return tag == 1 && [3, 6].contains(version) || tag == 3 && (4...6).contains(version)
    }

    // MARK: Others

    private static let others: [(magic: [UInt8], name: String, hint: String?)] = [
        ([0x6D, 0xE2, 0x99, 0x81], "a mongodump archive", nil),
        (Array("REDIS0".utf8), "a Redis RDB file", nil),
        (Array("SQLite format 3\0".utf8), "an SQLite database", nil),
        (Array("Salted__".utf8), "a file encrypted by openssl enc", "give the command that decrypts it with --filter"),
        (Array("PK\u{3}\u{4}".utf8), "a zip file", "unpack it, or give the command that does with --filter"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z file", "unpack it, or give the command that does with --filter"),
        ([0x5D, 0x00, 0x00], "an lzma file", "give the command that decompresses it: --filter 'xz -dc --format=lzma'"),
        (Array("LZIP".utf8), "an lzip file", "give the command that decompresses it: --filter 'lzip -dc'"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)", nil),
        (Array("%PDF-".utf8), "a PDF file", nil),
        (
            [0xFF, 0xFE], "text in UTF-16, as PowerShell's > writes it, which PostgreSQL can't read",
            "let pg_dump write the file itself: --file"
        ),
        ([0xFE, 0xFF], "text in UTF-16, which PostgreSQL can't read", "let pg_dump write the file itself: --file"),
    ]

    private static func known(_ bytes: [UInt8]) -> Sniffed? {
        others.first { bytes.starts(with: $0.magic) }.map { .unsupported(name: $0.name, hint: $0.hint) }
    }
}
