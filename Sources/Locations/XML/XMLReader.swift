/// Reads XML as S3 and STS write it: elements, text, character references. Attributes and namespaces are passed over; a
/// document type is refused, so that nothing can be defined and nothing grows.
///
/// Own, since FoundationXML brings libxml2 and ICU into a static binary (docs/decisions/0100); it is fuzzed.
struct XMLReader {
    enum Event: Equatable {
        case begin(String)
        case end(String)
        case text(String)
    }

    struct Flaw: Error, Equatable {
        let offset: Int
    }

    private static let mostDepth = 64
    private static let longestName = 128

    private let bytes: [UInt8]
    private var position = 0
    private var open: [String] = []
    /// The end of an element that was written as `<name/>`.
    private var pendingEnd: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Returns: `nil` at the end of the document.
    /// - Throws: ``Flaw`` where it is no XML of this kind, or cut.
    mutating func next() throws -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            open.removeLast()
            return .end(name)
        }
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                if let text = try readText() { return .text(text) }
                continue
            }
            if skip("<!--") {
                try skip(through: "-->")
            } else if skip("<?") {
                try skip(through: "?>")
            } else if skip("<![CDATA[") {
                let start = position
                try skip(through: "]]>")
                return .text(String(decoding: bytes[start..<position - 3], as: UTF8.self))
            } else if skip("</") {
                return try readEnd()
            } else {
                return try readBegin()
            }
        }
        guard open.isEmpty else { throw flaw }
        return nil
    }

    private var flaw: Flaw { Flaw(offset: position) }

    /// `nil` for blanks outside of the document's element.
    private mutating func readText() throws -> String? {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        let raw = bytes[start..<position]
        if open.isEmpty {
            guard raw.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) || [0xEF, 0xBB, 0xBF].contains($0) }) else {
                throw Flaw(offset: start)
            }
            return nil
        }
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        return try Self.unescaped(raw)
    }

    private mutating func readBegin() throws -> Event {
        position += 1
        let name = try readName()
        // Attributes: whatever stands in quotes may hold a `>`.
        var quote: UInt8?
        var previous: UInt8 = 0
        while true {
            guard position < bytes.count else { throw flaw }
            let byte = bytes[position]
            position += 1
            if let closing = quote {
                if byte == closing { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                break
            } else if byte == UInt8(ascii: "<") {
                throw flaw
            }
            previous = byte
        }
        guard open.count < Self.mostDepth else { throw flaw }
        open.append(name)
        if previous == UInt8(ascii: "/") { pendingEnd = name }
        return .begin(name)
    }

    private mutating func readEnd() throws -> Event {
        let name = try readName()
        try skip(through: ">")
        guard open.popLast() == name else { throw flaw }
        return .end(name)
    }

    /// Without its namespace's prefix.
    private mutating func readName() throws -> String {
        let start = position
        while position < bytes.count, Self.isOfName(bytes[position]) { position += 1 }
        guard position > start, position - start <= Self.longestName else { throw Flaw(offset: start) }
        let name = bytes[start..<position]
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes.count - position >= wanted.count, bytes[position..<position + wanted.count].elementsEqual(wanted)
        else { return false }
        position += wanted.count
        return true
    }

    private mutating func skip(through text: StaticString) throws {
        while position < bytes.count {
            if skip(text) { return }
            position += 1
        }
        throw flaw
    }

    /// Predefined entities and character references (XML 1.0, 4.1 and 4.6).
    private static func unescaped(_ raw: ArraySlice<UInt8>) throws -> String {
        var text = ""
        var rest = raw
        while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[..<mark], as: UTF8.self)
            guard let end = rest[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let scalar = scalar(String(decoding: rest[(mark + 1)..<end], as: UTF8.self))
            else { throw Flaw(offset: mark) }
            text.unicodeScalars.append(scalar)
            rest = rest[(end + 1)...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let isHexadecimal = name.hasPrefix("#x") || name.hasPrefix("#X")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        // `UInt32("+1")` is a number, `&#+1;` is none.
        guard digits.allSatisfy(\.isHexDigit) else { return nil }
        return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
    }
}

extension XMLReader {
    /// The texts of elements that have no elements in them, by the names of all that they lie in: `Error/Code`. Of
    /// several, the first.
    static func values(_ bytes: [UInt8]) -> [String: String] {
        var reader = XMLReader(bytes)
        var values: [String: String] = [:]
        var path: [String] = []
        var text = ""
        // What comes before a flaw is as good as any: an answer that is cut, or no XML, has few values or none.
        while let event = try? reader.next() {
            switch event {
            case .begin(let name):
                path.append(name)
                text = ""
            case .text(let piece): text += piece
            case .end:
                let key = path.joined(separator: "/")
                if values[key] == nil, values.count < 1000 { values[key] = text }
                path.removeLast()
                text = ""
            }
        }
        return values
    }
}
