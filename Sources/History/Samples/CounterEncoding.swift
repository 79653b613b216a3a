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
        var reader = Reader(bytes: bytes)
        guard let count = reader.number(), count <= UInt64(bytes.count) else { return nil }
        var tables: [TableCounters] = []
        tables.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let relation = reader.number(), let name = name(Int64(bitPattern: relation)),
                let oid = reader.number().flatMap({ UInt32(exactly: $0) }),
                let relfilenode = reader.number().flatMap({ UInt32(exactly: $0) }),
                let definition = reader.number().flatMap({ UInt32(exactly: $0) }),
                let inserted = reader.number(), let updated = reader.number(), let deleted = reader.number(),
                let live = reader.number()
            else { return nil }
            tables.append(
                TableCounters(
                    schema: name.schema, name: name.name, oid: oid, relfilenode: relfilenode, inserted: inserted,
                    updated: updated, deleted: deleted, liveRows: live, definition: definition))
        }
        return reader.isAtEnd ? tables : nil
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private struct Reader {
        let bytes: [UInt8]
        private var position = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { position == bytes.count }

        mutating func number() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 70, by: 7) {
                guard position < bytes.count else { return nil }
                let part = UInt64(bytes[position] & 0x7f)
                guard shift < 63 || part <= 1 else { return nil }
                value |= part << shift
                position += 1
                if bytes[position - 1] & 0x80 == 0 { return value }
            }
            return nil
        }
    }
}
