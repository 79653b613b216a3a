import Backups

/// Errors whose cause is not in their code alone but in their text, which the server writes in English
/// (`lc_messages=C`).
///
/// A text may quote the data or be the dump's own (`RAISE`). So each is believed only with a code that the server, or an
/// extension's library, gives it: of class 22 none but 22023, and none of 23 and P0, but for `CREATE EXTENSION`, whose
/// script lies on this machine. PostgreSQL 15 src/backend: utils/error/elog.c `errcode_for_file_access` (58P01, 42501,
/// XX000), commands/extension.c, commands/seclabel.c, commands/dbcommands.c, commands/collationcmds.c, utils/adt/pg_locale.c.
struct ErrorExplanation {
    let reason: Reason
    let because: String
    let hint: String?

    /// - Returns: `nil` for an error that only its code explains.
    init?(_ error: PostgreSQLError, _ statement: StatementText) {
        let text = error.message
        let isExtension = statement.begins(with: "CREATE EXTENSION")
        if text.contains("shared_preload_libraries"),
            isExtension || Self.preloadCodes.contains(error.sqlstate)
        {
            let library = text.split(separator: " ").first.map(String.init) ?? "the library"
            self.init(
                .extensionMissing, "\(library) must be loaded when the server starts",
                "name it with --preload \(Self.unquoted(library))")
            return
        }
        if isExtension,
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
        let isAboutFile = Self.fileCodes.contains(error.sqlstate)
        if isAboutFile, text.contains("could not access file") || text.contains("could not load library") {
            self.init(
                .extensionMissing, "a library that the dump names is not on this machine: \(text)",
                "install the package that brings it")
            return
        }
        if isAboutFile, text.contains("could not open"), text.contains("No such file or directory") {
            self.init(
                .extensionMissing, "a file that the dump names is not on this machine: \(text)",
                "install the package that brings it, or put it there")
            return
        }
        if error.sqlstate == "22023", statement.begins(with: "SECURITY LABEL"), text.contains("security label provider")
        {
            self.init(
                .extensionMissing, "no library that this server has loaded takes security labels of the dump: \(text)",
                "name the library that brings the provider with --preload (for the provider selinux it is sepgsql), "
                    + "and install it where it is missing; or dump with --no-security-labels")
            return
        }
        if Self.localeCodes.contains(error.sqlstate), Self.isAboutLocale(error, statement) {
            self.init(
                .localeMissing, "this machine lacks a locale or collation of the dump: \(text)",
                "install it: add it to /etc/locale.gen and run locale-gen")
            return
        }
        return nil
    }

    /// What libraries say that are loaded too late; XX000 where they name no code.
    private static let preloadCodes: Set<String> = ["55000", "0A000", "F0000", "58P01", "XX000"]

    private static let fileCodes: Set<String> = ["58P01", "58000", "42501", "XX000"]

    private static let localeCodes: Set<String> = [
        "22023", "42704", "42809", "42P17", "42P22", "0A000", "58P01", "XX000",
    ]

    private init(_ reason: Reason, _ because: String, _ hint: String?) {
        self.reason = reason
        self.because = because
        self.hint = hint
    }

    private static func isAboutLocale(_ error: PostgreSQLError, _ statement: StatementText) -> Bool {
        let text = error.message
        return text.hasPrefix("invalid") && text.contains("locale name") || text.hasPrefix("could not create locale")
            || text.hasPrefix("collation \"") && text.contains("does not exist")
            || text.hasPrefix("could not open collator") || text.hasPrefix("ICU is not supported")
            || statement.begins(with: "CREATE DATABASE") && text.contains("locale")
    }

    private static func unquoted(_ name: String) -> String { name.filter { $0 != "\"" && $0 != ";" } }
}
