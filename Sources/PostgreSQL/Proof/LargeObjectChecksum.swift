import Backups

/// Number and checksum of the large objects, made like a table's: of each 1 MiB piece SHA-256 of `oid:piece:` and its
/// bytes, summed.
enum LargeObjectChecksum {
    static func read(_ connection: Connection) throws -> Manifest.LargeObjects {
        var objects = try count(connection)
        let lanes = (0..<4).map { "('x' || substr(h, \($0 * 16 + 1), 16))::bit(64)::bigint" }
        let sums = lanes.map { "coalesce(sum(\($0)), 0)" }.joined(separator: " || ':' || ")
        // OFFSET 0 keeps each piece from being read once for its length and once for its digest.
        let piece = { (oid: String, number: String) in
            """
            LATERAL (SELECT octet_length(d.data) AS length,
                encode(sha256(convert_to(\(oid)::text || ':' || \(number) || ':', 'UTF8') || d.data), 'hex') AS h
                FROM (SELECT lo_get(\(oid), \(number) * 1048576, 1048576) AS data OFFSET 0) d OFFSET 0) p
            """
        }
        let result = try connection.reading(
            "large objects",
            """
            WITH RECURSIVE pieces(oid, number, length, h) AS (
                SELECT m.oid, 0::bigint, p.length, p.h
                    FROM pg_catalog.pg_largeobject_metadata m, \(piece("m.oid", "0::bigint"))
                UNION ALL SELECT q.oid, q.number + 1, p.length, p.h
                    FROM pieces q, \(piece("q.oid", "(q.number + 1)")) WHERE q.length = 1048576)
            SELECT \(sums) FROM pieces
            """)
        objects.checksum = result.scalar
        return objects
    }

    /// The number alone.
    static func count(_ connection: Connection) throws -> Manifest.LargeObjects {
        let result = try connection.reading(
            "large objects", "SELECT count(*) FROM pg_catalog.pg_largeobject_metadata")
        return Manifest.LargeObjects(count: UInt64(clamping: result.integer(0, 0) ?? 0))
    }
}
