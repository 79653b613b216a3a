/// Settings that change how a server writes values and names as text, fixed so that two servers write the same value
/// alike. "Client Connection Defaults" in PostgreSQL's documentation.
enum PinnedSettings {
    static let values: [(name: String, value: String)] = [
        // Names come back with their schema.
        ("search_path", ""),
        ("client_encoding", "UTF8"),
        ("DateStyle", "ISO, YMD"),
        ("IntervalStyle", "postgres"),
        ("TimeZone", "UTC"),
        // The shortest text that reads back as the same number, from 12 on; 17 digits before.
        ("extra_float_digits", "3"),
        ("bytea_output", "hex"),
        ("xmlbinary", "base64"),
        ("xmloption", "content"),
        ("lc_monetary", "C"),
        ("lc_numeric", "C"),
        ("quote_all_identifiers", "off"),
        ("standard_conforming_strings", "on"),
        // Rather an error than rows that are silently left out.
        ("row_security", "off"),
    ]

    /// For the open transaction only.
    static func apply(to connection: Connection) throws {
        let calls = values.map { "set_config('\($0.name)', '\($0.value)', true)" }
        try connection.execute("SELECT \(calls.map { "pg_catalog.\($0)" }.joined(separator: ", "))")
    }
}
