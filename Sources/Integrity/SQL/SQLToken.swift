/// A token of one statement: what it is, and where in the statement's bytes.
struct SQLToken {
    enum Kind: Equatable {
        /// A bare word, keyword or name.
        case word
        /// `"…"`, or `U&"…"`.
        case quotedName, unicodeName
        /// `'…'` and `$$…$$`; without prefix, quotes and delimiters still in place.
        case string, escapeString, dollarString
        case number
        /// Any other character, by itself.
        case symbol(UInt8)
    }

    let kind: Kind
    let range: Range<Int>
}
