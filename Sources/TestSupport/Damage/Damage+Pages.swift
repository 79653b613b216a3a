extension Damage {
    /// What a proxy leaves under the name of the backup.
    package static let htmlPage = Damage.replace(
        Array(
            """
            <!DOCTYPE html>
            <html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>

            """.utf8))

    /// What an object store answers when the object is not there.
    package static let xmlError = Damage.replace(
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>

            """.utf8))

    package static let empty = Damage.replace([])

    /// `gzip </dev/null`: 20 bytes, and all in order.
    package static let gzipOfNothing = Damage.replace([
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ])

    /// What `2>&1` puts into a dump.
    package static let standardError = Array(
        "pg_dump: warning: there are circular foreign-key constraints on this table:\n".utf8)
}
