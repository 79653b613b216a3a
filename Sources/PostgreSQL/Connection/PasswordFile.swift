import Glibc

/// The file that libpq looks up passwords in, and what keeps it from using it.
///
/// PostgreSQL 15 src/interfaces/libpq/fe-connect.c, `passwordFromFile`: a file that is missing is passed over in silence,
/// one that others may read with no more than a line on standard error.
struct PasswordFile {
    let path: String
    /// Somebody named it; else it is the default one, which need not be there.
    let isNamed: Bool

    /// - Parameter values: of libpq's keywords.
    init?(_ values: [String: String], environment: (String) -> String? = Self.variable) {
        if let path = values["passfile"] ?? environment("PGPASSFILE"), !path.isEmpty {
            (self.path, isNamed) = (path, true)
        } else if let home = environment("HOME"), !home.isEmpty {
            (path, isNamed) = ("\(home)/.pgpass", false)
        } else {
            return nil
        }
    }

    /// One sentence, and what to do; `nil` where nothing is wrong with it.
    var flaw: (sentence: String, hint: String)? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard isNamed else { return nil }
            let cause = String(cString: strerror(errno))
            return ("the password file \(path) can't be read: \(cause)", "check passfile= or PGPASSFILE")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return ("the password file \(path) is no plain file, and is not used", "make it a file of mode 0600")
        }
        guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
            return ("others may read the password file \(path), so it is not used", "chmod 600 \(path)")
        }
        guard access(path, R_OK) == 0 else {
            return ("the password file \(path) can't be read by this user", "give it to the user who runs this")
        }
        return nil
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
