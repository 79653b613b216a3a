internal import Backups

/// Tells SQL of PostgreSQL from other text.
struct TextSniffer {
    private let bytes: [UInt8]
    /// The first lines, without what comes before the first word.
    private let text: Substring

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let withoutMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        // NUL is in no SQL text; where one is, what stands before it still tells what it was.
        let text = String(decoding: withoutMark.prefix(8 << 10).prefix(while: { $0 != 0 }), as: UTF8.self)
        self.text = text.drop(while: \.isWhitespace)
    }

    func sniff(_ compression: Compression) -> Sniffed {
        guard !text.isEmpty else { return .unknown(seen: Seen.start(bytes)) }
        if let line = programOutput { return .foreignOutput(line: Seen.quoted(String(line))) }
        if let name = errorPage { return .notABackup(name: name, seen: Seen.start(bytes)) }
        if isMySQL {
            return .unsupported(name: "a dump of MySQL or MariaDB", hint: nil)
        }
        guard let first = firstStatement else { return .unknown(seen: Seen.start(bytes)) }
        return .dump(first, compression)
    }

    private var firstLine: Substring { text.prefix(while: { !$0.isNewline }) }

    /// The first line, when it is what a program writes to standard error.
    private var programOutput: Substring? {
        let line = firstLine
        let programs = [
            "pg_dump:", "pg_dumpall:", "pg_restore:", "psql:", "mysqldump:", "mongodump:", "bash:", "sh:", "/bin/sh:",
            "/bin/bash:", "error:", "Error:", "ERROR:", "FATAL:", "Error from server", "OCI runtime exec failed",
            "kubectl:", "docker:", "ssh:", "sudo:", "gpg:", "age:", "Warning:", "WARNING:", "Password",
        ]
        if programs.contains(where: { line.hasPrefix($0) }) { return line }
        // A path before it: /usr/bin/pg_dump: …
        let word = line.prefix(while: { $0 != " " })
        return word.hasPrefix("/") && word.hasSuffix(":") ? line : nil
    }

    private var errorPage: String? {
        let start = text.prefix(200).lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "an HTML page" }
        if start.hasPrefix("<?xml") { return start.contains("<html") ? "an HTML page" : "an XML document" }
        if start.hasPrefix("<error") { return "an XML error message" }
        if start.hasPrefix("<") { return "a document with markup" }
        if start.hasPrefix("{") || start.hasPrefix("[") { return "a JSON document" }
        if start.hasPrefix("http/1.") || start.hasPrefix("http/2") { return "an HTTP response" }
        return nil
    }

    /// mysqldump 8.0 and mariadb-dump 10.11 begin so; the latter may put a line for the sandbox mode before it.
    private var isMySQL: Bool {
        text.prefix(300).contains("-- MySQL dump") || text.prefix(300).contains("-- MariaDB dump")
            || text.hasPrefix("/*M!999999") || text.hasPrefix("/*!40")
    }

    /// pg_dumpall's heading, pg_dump's, or any statement of SQL or command of psql after comments.
    private var firstStatement: BackupFormat? {
        var rest = text
        while true {
            rest = rest.drop(while: \.isWhitespace)
            if rest.hasPrefix("--") {
                let line = rest.prefix(while: { !$0.isNewline })
                if line.hasPrefix("-- PostgreSQL database cluster dump") { return .plainAll }
                if line.hasPrefix("-- PostgreSQL database dump") { return .plain }
                rest = rest.dropFirst(line.count)
            } else if rest.hasPrefix("/*") {
                guard let end = endOfComment(rest) else { return .plain }
                rest = end
            } else if rest.hasPrefix("\\") {
                // \restrict stands before the heading's settings; psql's commands are words.
                guard rest.dropFirst().first?.isLetter == true else { return nil }
                rest = rest.drop(while: { !$0.isNewline })
            } else {
                // Nothing but comments, as far as was looked.
                if rest.isEmpty { return .plain }
                return Self.firstWords.contains(rest.prefix(while: \.isLetter).uppercased()) ? .plain : nil
            }
        }
    }

    private func endOfComment(_ comment: Substring) -> Substring? {
        var rest = comment.dropFirst(2)
        while let star = rest.firstIndex(of: "*") {
            rest = rest[star...].dropFirst()
            if rest.first == "/" { return rest.dropFirst() }
        }
        return nil
    }

    private static let firstWords: Set<String> = [
        "ABORT", "ALTER", "ANALYZE", "BEGIN", "CALL", "CHECKPOINT", "CLOSE", "CLUSTER", "COMMENT", "COMMIT", "COPY",
        "CREATE", "DECLARE", "DELETE", "DISCARD", "DO", "DROP", "END", "EXECUTE", "EXPLAIN", "GRANT", "IMPORT",
        "INSERT",
        "LOCK", "MERGE", "PREPARE", "REASSIGN", "REFRESH", "REINDEX", "RESET", "REVOKE", "SAVEPOINT", "SECURITY",
        "SELECT", "SET", "SHOW", "START", "TABLE", "TRUNCATE", "UPDATE", "VACUUM", "VALUES", "WITH",
    ]
}
