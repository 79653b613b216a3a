/// About how long a step of a load takes, in the time that a server takes to copy one byte in (14 ns where this was measured).
///
/// Fitted to the steps of a load of 18 million rows in 1.2 GB of `COPY` (PostgreSQL 15, Benchmarks/shop.sql, two steps at a time):
/// seconds of a `COPY` = 14 ns a byte + 290 ns a row; an index takes 180 to 690 ns a row, by the order that its rows are in,
/// and the check of a foreign key 100 to 600. Only which of two steps is longer matters: a guess that is off costs some time.
enum WorkWeight {
    static func copy(bytes: UInt64, rows: UInt64) -> UInt64 { bytes + rows * 20 }

    /// `INSERT`s take twice the time of a `COPY` of rows as long, of about a hundred bytes.
    static func inserts(bytes: UInt64) -> UInt64 { bytes * 5 / 2 }

    /// An index, a unique constraint or the check of a foreign key: one pass over a table, and one over what was sorted.
    static func pass(rows: UInt64) -> UInt64 { rows * 30 }
}
