/// The characters that SQL's lexical rules are about.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let formFeed: UInt8 = 0x0c
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")
    static let dollar = UInt8(ascii: "$")
    static let dash = UInt8(ascii: "-")
    static let slash = UInt8(ascii: "/")
    static let backslash = UInt8(ascii: "\\")
    static let openParenthesis = UInt8(ascii: "(")
    static let closeParenthesis = UInt8(ascii: ")")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")

    /// `ident_start` of psqlscan.l.
    @inline(__always) var startsIdentifier: Bool {
        (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") || self >= 0x80
            || self == UInt8(ascii: "_")
    }

    @inline(__always) var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// `ident_cont` of psqlscan.l.
    @inline(__always) var continuesIdentifier: Bool { startsIdentifier || isDigit || self == .dollar }

    @inline(__always) var isSpace: Bool {
        self == .space || self == .newline || self == .tab || self == .carriageReturn || self == .formFeed
    }

    /// Digits, blanks, commas and the operators that begin nothing: between tokens they change no state.
    @inline(__always) var isPlainInStatement: Bool {
        isDigit || self == .space || self == .comma || self == .dot || self == .equals
    }

    /// ASCII letters in lower case, all else as it is: how the server folds names in a multi-byte encoding.
    @inline(__always) var lowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}
