import CPQ

/// The rows of one statement, as text. Used by one thread at a time.
package final class QueryResult {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    package var rowCount: Int { Int(PQntuples(handle)) }
    package var columnCount: Int { Int(PQnfields(handle)) }
    package var rows: Range<Int> { 0..<rowCount }

    /// As `SELECT 3`, `COPY 12`, `CREATE TABLE`.
    package var commandTag: String { String(cString: PQcmdStatus(handle)) }

    /// Rows that the statement touched, as its command tag says; `nil` where a tag has no number.
    package var affectedRows: UInt64? { UInt64(String(cString: PQcmdTuples(handle))) }

    package func columnName(_ column: Int) -> String { String(cString: PQfname(handle, Int32(column))) }

    /// The column called `name`; `nil` when there is none.
    package func column(_ name: String) -> Int? {
        (0..<columnCount).first { columnName($0) == name }
    }

    package func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(handle, Int32(row), Int32(column)) == 1
    }

    /// The value's bytes, valid as long as this result; `nil` for NULL.
    package func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        guard !isNull(row, column) else { return nil }
        let length = Int(PQgetlength(handle, Int32(row), Int32(column)))
        return UnsafeRawBufferPointer(start: PQgetvalue(handle, Int32(row), Int32(column)), count: length)
    }

    package func text(_ row: Int, _ column: Int) -> String? {
        bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value as a whole number; `nil` for NULL and for anything else.
    package func integer(_ row: Int, _ column: Int) -> Int64? {
        text(row, column).flatMap { Int64($0) }
    }

    /// PostgreSQL's `t` and `f`; `nil` for NULL and for anything else.
    package func boolean(_ row: Int, _ column: Int) -> Bool? {
        switch text(row, column) {
        case "t": true
        case "f": false
        default: nil
        }
    }

    /// First column of the first row.
    package var scalar: String? { rowCount > 0 && columnCount > 0 ? text(0, 0) : nil }
}
