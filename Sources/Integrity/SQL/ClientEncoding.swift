import Glibc

/// An encoding of text as PostgreSQL names it (`SET client_encoding`).
package struct ClientEncoding: Sendable, Hashable {
    /// Upper case, letters and digits only: `UTF8`, `LATIN1`, `SHIFTJIS2004`.
    package let name: String

    package static let utf8 = ClientEncoding("UTF8")
    static let gb18030 = ClientEncoding("GB18030")

    /// From a name in any of PostgreSQL's spellings: case and all but letters and digits are ignored, as
    /// src/common/encnames.c does.
    package init(_ name: some StringProtocol) {
        let canonical = String(
            name.uppercased().unicodeScalars.filter { ("A"..."Z").contains($0) || ("0"..."9").contains($0) })
        self.name = Self.aliases[canonical] ?? canonical
        isSafe = !Self.unsafe.contains(self.name)
    }

    /// Whether no byte below 0x80 is ever part of a longer character. False for the encodings that only clients may use.
    package let isSafe: Bool

    /// How many bytes follow `byte` in its character. PostgreSQL 15 src/common/wchar.c; GB18030's longer form is left
    /// to who sees the second byte.
    func trailCount(ofLead byte: UInt8) -> Int {
        guard byte >= 0x80 else { return 0 }
        switch name {
        case "SJIS", "SHIFTJIS2004": return (0xa1...0xdf).contains(byte) ? 0 : 1
        case "JOHAB": return byte == 0x8f ? 2 : 1
        default: return 1
        }
    }

    /// `bytes` as text. What can't be converted is replaced: such a name is for people, and equal only to itself.
    package func decode(_ bytes: some Collection<UInt8>) -> String {
        if name == "UTF8" || bytes.allSatisfy({ $0 < 0x80 }) || name == "SQLASCII" {
            return String(decoding: bytes, as: UTF8.self)
        }
        return convert(Array(bytes)) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// - Returns: `nil` when the C library does not know the encoding, or the bytes are not in it.
    private func convert(_ bytes: [UInt8]) -> String? {
        let failed = iconv_t(bitPattern: -1)
        guard let converter = iconv_open("UTF-8", Self.libraryNames[name] ?? name), converter != failed else {
            return nil
        }
        defer { iconv_close(converter) }
        let capacity = bytes.count * 4 + 16
        var left = capacity
        var source = bytes.map { CChar(bitPattern: $0) }
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            let converted = source.withUnsafeMutableBufferPointer { input in
                target.withMemoryRebound(to: CChar.self) { target in
                    var from = input.baseAddress
                    var to = target.baseAddress
                    var length = input.count
                    return iconv(converter, &from, &length, &to, &left)
                }
            }
            count = converted == -1 ? 0 : capacity - left
        }
        return output.isEmpty && !bytes.isEmpty ? nil : String(decoding: output, as: UTF8.self)
    }

    /// PG_ENCODING_BE_LAST and after in src/include/mb/pg_wchar.h.
    private static let unsafe: Set<String> = ["SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFTJIS2004"]

    private static let aliases = [
        "UNICODE": "UTF8", "ABC": "WIN1258", "TCVN": "WIN1258", "VSCII": "WIN1258", "ALT": "WIN866", "WIN": "WIN1251",
        "KOI8": "KOI8R", "MSKANJI": "SJIS", "SHIFTJIS": "SJIS", "WIN932": "SJIS", "WINDOWS932": "SJIS",
        "WIN936": "GBK", "WINDOWS936": "GBK", "WIN949": "UHC", "WINDOWS949": "UHC", "WIN950": "BIG5",
        "WINDOWS950": "BIG5", "ISO88591": "LATIN1",
    ]

    /// What glibc's iconv calls them, where the names differ.
    private static let libraryNames = [
        "LATIN1": "ISO-8859-1", "LATIN2": "ISO-8859-2", "LATIN3": "ISO-8859-3", "LATIN4": "ISO-8859-4",
        "LATIN5": "ISO-8859-9", "LATIN6": "ISO-8859-10", "LATIN7": "ISO-8859-13", "LATIN8": "ISO-8859-14",
        "LATIN9": "ISO-8859-15", "LATIN10": "ISO-8859-16", "ISO88595": "ISO-8859-5", "ISO88596": "ISO-8859-6",
        "ISO88597": "ISO-8859-7", "ISO88598": "ISO-8859-8", "KOI8R": "KOI8-R", "KOI8U": "KOI8-U",
        "WIN866": "CP866", "WIN874": "CP874", "WIN1250": "CP1250", "WIN1251": "CP1251", "WIN1252": "CP1252",
        "WIN1253": "CP1253", "WIN1254": "CP1254", "WIN1255": "CP1255", "WIN1256": "CP1256", "WIN1257": "CP1257",
        "WIN1258": "CP1258", "SJIS": "CP932", "SHIFTJIS2004": "SHIFT_JISX0213", "BIG5": "CP950", "GBK": "CP936",
        "UHC": "CP949", "GB18030": "GB18030", "JOHAB": "JOHAB", "EUCJP": "EUC-JP", "EUCCN": "EUC-CN",
        "EUCKR": "EUC-KR", "EUCTW": "EUC-TW", "EUCJIS2004": "EUC-JISX0213",
    ]
}
