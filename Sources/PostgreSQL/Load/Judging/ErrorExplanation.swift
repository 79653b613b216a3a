import Backups

/// Errors whose cause is not in their code but in their text, which the server writes in English (`lc_messages=C`).
struct ErrorExplanation {
    let reason: Reason
    let because: String
    let hint: String?

    /// - Returns: `nil` for an error that only its code explains.
    init?(_ error: PostgreSQLError, _ statement: StatementText) {
        let text = error.message
        if text.contains("shared_preload_libraries") {
            let library = text.split(separator: " ").first.map(String.init) ?? "the library"
            self.init(
                .extensionMissing, "\(library) must be loaded when the server starts",
                "name it with --preload \(Self.unquoted(library))")
            return
        }
        if statement.begins(with: "CREATE EXTENSION"),
            text.contains("is not available") || text.contains("extension control file")
                || text.contains("has no installation script") || text.contains("required extension")
        {
            let name = statement.extensionName ?? "?"
            self.init(
                .extensionMissing, "the extension \(name) is not installed on this machine",
                "install the package that has it (apt-cache search postgresql | grep \(name)), "
                    + "or leave it out with --ignore-extension \(name)")
            return
        }
        if text.contains("could not access file") || text.contains("could not load library") {
            self.init(
                .extensionMissing, "a library that the dump names is not on this machine: \(text)",
                "install the package that brings it")
            return
        }
        if text.contains("could not open"), text.contains("No such file or directory") {
            self.init(
                .extensionMissing, "a file that the dump names is not on this machine: \(text)",
                "install the package that brings it, or put it there")
            return
        }
        if Self.isAboutLocale(error, statement) {
            self.init(
                .localeMissing, "this machine lacks a locale or collation of the dump: \(text)",
                "install it: add it to /etc/locale.gen and run locale-gen")
            return
        }
        return nil
    }

    private init(_ reason: Reason, _ because: String, _ hint: String?) {
        self.reason = reason
        self.because = because
        self.hint = hint
    }

    private static func isAboutLocale(_ error: PostgreSQLError, _ statement: StatementText) -> Bool {
        let text = error.message
        return text.contains("locale name") || text.contains("could not create locale")
            || text.hasPrefix("collation \"") && text.contains("does not exist")
            || text.contains("could not open collator") || text.contains("ICU is not supported")
            || statement.begins(with: "CREATE DATABASE") && text.contains("locale")
    }

    private static func unquoted(_ name: String) -> String { name.filter { $0 != "\"" && $0 != ";" } }
}
