import Yams

/// Reads how production is connected to: `connection`, and the `password_file` beside it.
enum ConnectionSettings {
    /// - Returns: the connection string with the password in it.
    static func read(_ reader: SectionReader) -> String? {
        let password = password(reader)
        guard let node = reader.value("connection") else {
            if let node = reader.value("password_file") {
                reader.problems.add(
                    "\(reader.name(of: "password_file")) is for a connection, and there is none", at: node)
            }
            return nil
        }
        let name = reader.name(of: "connection")
        let written = node.scalar?.string ?? ""
        if ConnectionSecrets.holdsPassword(References.withoutReferences(written)) {
            reader.problems.add(
                "\(name) holds a password: use password_file, service=, passfile=, or password=${env:NAME}", at: node)
        }
        var connection = reader.string("connection")
        if let known = connection, let password {
            if ConnectionSecrets.holdsPassword(known) {
                reader.problems.add("\(name) has a password of its own beside password_file", at: node)
            }
            connection = ConnectionSecrets.adding(password, to: known)
        }
        if let connection, !DatabaseSettings.namesDatabaseOnly(connection) {
            reader.problems.add(
                "\(name): {database} may stand in dbname= alone, written without blanks: else a file's name would choose "
                    + "the server", at: node)
        }
        return connection
    }

    /// The first line of `password_file`, as programs of PostgreSQL read one (initdb(1), `--pwfile`). No message holds it.
    private static func password(_ reader: SectionReader) -> String? {
        let path = reader.parsed("password_file", as: "an absolute path") { $0.hasPrefix("/") ? $0 : nil }
        guard let path else { return nil }
        let problem: String
        if let text = reader.references.file(path) {
            let line = text.prefix { !$0.isNewline }
            if !line.isEmpty, !line.contains("\0") { return String(line) }
            problem = "holds no password in its first line"
        } else {
            problem = "can't be read"
        }
        reader.refuse("password_file", "the file \(path) \(problem)")
        return nil
    }
}
