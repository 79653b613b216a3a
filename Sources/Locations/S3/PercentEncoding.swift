/// Percent-encoding as Signature Version 4 wants it: all but letters, digits, `-`, `.`, `_` and `~`, with capital
/// digits, and a space as `%20` ("Authenticating Requests: Using the Authorization Header", UriEncode).
enum PercentEncoding {
    /// - Parameter keepsSlash: in a path.
    static func encode(_ text: String, keepsSlash: Bool = false) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepsSlash: output += "/"
            default: output += byte < 16 ? "%0" : "%"; output += String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }

    /// Names in order, as the signature wants them.
    static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { (encode($0.name), encode($0.value)) }.sorted { $0 < $1 }.map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    /// What a listing with `encoding-type=url` means; a `+` is a space there (form encoding, as S3 and its kin do it).
    static func decode(_ text: String) -> String {
        guard text.contains(where: { $0 == "%" || $0 == "+" }) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
