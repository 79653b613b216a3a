/// A foreign key in two steps: first the constraint without a look at the rows, then that look.
///
/// `ADD FOREIGN KEY` locks both tables against every other one of their keys for as long as the check takes; `VALIDATE
/// CONSTRAINT` locks so little that keys of different tables are checked side by side. The end is the same: a
/// constraint that is valid. PostgreSQL 15, "ALTER TABLE", `ADD table_constraint [ NOT VALID ]` and `VALIDATE CONSTRAINT`.
struct SplitForeignKey: Equatable {
    let add: [UInt8]
    let validate: [UInt8]

    /// - Parameter text: `ALTER TABLE ONLY name ADD CONSTRAINT name FOREIGN KEY …`, as pg_dump writes it for a table that is
    ///   not partitioned; `nil` for any other form, and for a key that is not valid in the dump itself.
    init?(_ text: [UInt8]) {
        let (head, middle, end) = (Array("ALTER TABLE ONLY ".utf8), Array("\n    ADD CONSTRAINT ".utf8), " NOT VALID")
        guard text.starts(with: head), let table = Self.name(in: text, from: head.count),
            text[table.upperBound...].starts(with: middle),
            let constraint = Self.name(in: text, from: table.upperBound + middle.count),
            text[constraint.upperBound...].starts(with: Array(" FOREIGN KEY (".utf8)),
            !text.suffix(end.utf8.count + 1).elementsEqual(Array("\(end);".utf8)),
            !text.suffix(end.utf8.count).elementsEqual(Array(end.utf8))
        else { return nil }
        let body = text.last == UInt8(ascii: ";") ? text.dropLast() : text[...]
        add = body + Array(end.utf8)
        validate = text[..<table.upperBound] + Array(" VALIDATE CONSTRAINT ".utf8) + text[constraint]
    }

    /// A name, with its schema or without, up to the blank or the line's end that follows it.
    private static func name(in text: [UInt8], from start: Int) -> Range<Int>? {
        var index = start
        var isQuoted = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") { break }
            index += 1
        }
        return index > start && index < text.count ? start..<index : nil
    }
}
