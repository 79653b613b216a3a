import Backups

/// The table that the data of an entry is loaded into: not always the entry's own, with `--load-via-partition-root` it is
/// the root.
enum DataTarget {
    /// - Parameters:
    ///   - statement: begins with `COPY schema.table` or `INSERT INTO schema.table`, identifiers quoted where SQL needs it.
    ///   - schema: of the entry, for archives of old versions that name the table alone.
    /// - Returns: `nil` when it is no such statement.
    static func table(of statement: [UInt8], schema: String?) -> TableName? {
        guard let verb = verbs.first(where: { statement.starts(with: $0) }) else { return nil }
        var rest = statement.dropFirst(verb.count)
        guard let first = identifier(&rest) else { return nil }
        guard rest.first == UInt8(ascii: ".") else { return TableName(schema: schema ?? "", name: first) }
        rest.removeFirst()
        return identifier(&rest).map { TableName(schema: first, name: $0) }
    }

    private static let verbs = [Array("COPY ".utf8), Array("INSERT INTO ".utf8)]

    private static func identifier(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let word = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ";") }
            rest = rest[word.endIndex...]
            return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
        }
        var name: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "\"") {
                name.append(byte)
            } else if rest.first == byte {
                name.append(byte)
                rest.removeFirst()
            } else {
                return String(decoding: name, as: UTF8.self)
            }
        }
        return nil
    }
}
