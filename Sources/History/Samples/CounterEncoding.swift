import Backups

/// The counters of one sample as bytes: a number of tables, then for each its relation, oid, relfilenode, definition,
/// inserted, updated, deleted and live rows, all as unsigned LEB128 (DWARF 5, section 7.6). About 25 bytes a table, where
/// JSON takes 150.
enum CounterEncoding {
    /// - Parameter relation: number of the table in the history.
    static func encode(_ tables: [TableCounters], relation: (TableCounters) throws -> Int64) rethrows -> [UInt8] {
        var bytes: [UInt8] = []
        append(UInt64(tables.count), to: &bytes)
        for table in tables {
            append(UInt64(bitPattern: try relation(table)), to: &bytes)
            append(UInt64(table.oid), to: &bytes)
            append(UInt64(table.relfilenode), to: &bytes)
            append(UInt64(table.definition), to: &bytes)
            for counter in [table.inserted, table.updated, table.deleted, table.liveRows] {
                append(counter, to: &bytes)
            }
        }
        return bytes
    }

    /// - Parameter name: schema and name of a relation.
    /// - Returns: `nil` for bytes that ``encode(_:relation:)`` did not make, and for a relation that is not known.
    static func decode(_ bytes: [UInt8], name: (Int64) -> (schema: String, name: String)?) -> [TableCounters]? {
        var rest = bytes[...]
        guard let count = number(&rest), count <= UInt64(bytes.count) else { return nil }
        var tables: [TableCounters] = []
        tables.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let relation = number(&rest), let name = name(Int64(bitPattern: relation)),
                let oid = number(&rest).flatMap({ UInt32(exactly: $0) }),
                let relfilenode = number(&rest).flatMap({ UInt32(exactly: $0) }),
                let definition = number(&rest).flatMap({ UInt32(exactly: $0) }),
                let inserted = number(&rest), let updated = number(&rest), let deleted = number(&rest),
                let live = number(&rest)
            else { return nil }
            tables.append(
                TableCounters(
                    schema: name.schema, name: name.name, oid: oid, relfilenode: relfilenode, inserted: inserted,
                    updated: updated, deleted: deleted, liveRows: live, definition: definition))
        }
        return rest.isEmpty ? tables : nil
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            let part = UInt64(byte & 0x7f)
            guard shift < 63 || part <= 1 else { return nil }
            value |= part << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
