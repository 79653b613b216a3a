/// `CREATE TABLESPACE` of pg_dumpall. Its directory is one of production's: in scratch it lies in the data directory
/// instead, whatever the dump says. PostgreSQL 15 "allow_in_place_tablespaces" (also in the last releases of 10 to 14).
enum TablespaceStatement {
    /// - Returns: `text`, or what is to be run instead of it.
    static func inPlace(_ text: [UInt8], on session: LoadSession) throws -> [UInt8] {
        guard StatementText(text.prefix(64)).begins(with: "CREATE TABLESPACE"), let changed = withoutLocation(text)
        else {
            return text
        }
        try session.connection.execute("SET allow_in_place_tablespaces = on")
        return changed
    }

    static func withoutLocation(_ text: [UInt8]) -> [UInt8]? {
        let marker = Array(" LOCATION '".utf8)
        guard text.count > marker.count,
            let start = (0...(text.count - marker.count)).last(where: { text[$0...].starts(with: marker) }),
            let end = text.lastIndex(of: UInt8(ascii: "'")), end >= start + marker.count
        else { return nil }
        return Array(text[..<(start + marker.count)]) + Array(text[end...])
    }
}
