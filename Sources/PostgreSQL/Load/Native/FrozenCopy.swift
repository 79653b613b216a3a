/// The statements that load a new table without WAL, all rows frozen: `TRUNCATE` and `COPY … WITH (FREEZE)` in one
/// transaction. PostgreSQL 15, "COPY", FREEZE; "14.4.7. Disable WAL Archival and Streaming Replication".
struct FrozenCopy: Equatable {
    let truncate: [UInt8]
    let copy: [UInt8]

    /// - Parameter text: `COPY name (columns) FROM stdin`, as pg_dump writes it; `nil` for any other form.
    init?(_ text: [UInt8]) {
        let head = Array("COPY ".utf8)
        let tail = Array(" FROM stdin".utf8)
        guard text.starts(with: head), text.suffix(tail.count).elementsEqual(tail) else { return nil }
        var index = head.count
        var isQuoted = false
        while index < text.count {
            if text[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "(") { break }
            index += 1
        }
        guard index > head.count, index < text.count else { return nil }
        truncate = Array("TRUNCATE ONLY ".utf8) + text[head.count..<index]
        copy = text + Array(" WITH (FREEZE)".utf8)
    }
}
