package import Backups

/// What an error's SQLSTATE says about a backup, before anything else is known of the error.
///
/// Codes: PostgreSQL 15, "Appendix A. PostgreSQL Error Codes". A whole code is looked up first, then its class (the first
/// two characters); what is in neither is ``unknown``.
package struct SQLStateVerdict: Sendable, Equatable {
    package enum Response: Sendable, Equatable {
        /// The backup is at fault.
        case failed(Reason)
        /// Something else may be.
        case inconclusive(Reason)
        /// Tried again when nothing else runs; if it still fails then, inconclusive.
        case retry(Reason)
        /// The load ends: nothing that follows could be judged.
        case stop(Reason)
    }

    /// Five characters, or the two of a class.
    package let code: String
    package let response: Response
    /// Why the code means that.
    package let because: String
    package let hint: String?

    private init(_ code: String, _ response: Response, _ because: String, hint: String? = nil) {
        self.code = code
        self.response = response
        self.because = because
        self.hint = hint
    }

    package static func of(_ sqlstate: String) -> SQLStateVerdict {
        byCode[sqlstate] ?? byCode[String(sqlstate.prefix(2))] ?? unknown
    }

    package static let unknown = SQLStateVerdict(
        "", .inconclusive(.unexplainedError), "nobody has said yet what this code means for a backup",
        hint: "look at the statement: if it should have worked, the backup may be at fault")

    package static let table = data + definitions + concurrency + machine + foreign

    private static let byCode = Dictionary(table.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

    private static let data: [SQLStateVerdict] = [
        .init("22", .failed(.dataRejected), "a value in the dump is none of its column's type"),
        .init(
            "22023", .inconclusive(.unexplainedError),
            "a parameter that the server does not take: a time zone, a locale or an option of this machine"),
        .init("23", .failed(.constraintViolated), "rows of the dump break a constraint of the dump"),
        .init("44", .failed(.constraintViolated), "rows of the dump break the check option of a view of the dump"),
        .init("21", .failed(.statementFailed), "a query of the dump gives more than one row where one is wanted"),
        .init("P0", .failed(.statementFailed), "code that is part of the dump raised the error itself"),
    ]

    private static let definitions: [SQLStateVerdict] = [
        .init("42", .failed(.statementFailed), "the server understood the statement and refused it"),
        .init("42P01", .failed(.objectMissing), "a relation that the dump needs is not created by it"),
        .init("42704", .failed(.objectMissing), "an object that the dump needs is not created by it"),
        .init("42883", .failed(.objectMissing), "a function or operator that the dump needs is not created by it"),
        .init("42703", .failed(.objectMissing), "a column that the dump needs is not created by it"),
        .init("3F", .failed(.objectMissing), "a schema that the dump needs is not created by it"),
        .init("3D", .failed(.objectMissing), "a database that the dump connects to is not created by it"),
        .init(
            "42501", .inconclusive(.permissionDenied),
            "privileges may hang on attributes of roles that the dump does not hold",
            hint: "give the roles with --globals FILE (pg_dumpall --globals-only)"),
        .init(
            "0A", .inconclusive(.unexplainedError), "this server does not support what the statement asks for"
        ),
        .init("2B", .inconclusive(.unexplainedError), "something depends on what is dropped"),
        .init("0L", .inconclusive(.permissionDenied), "a grant by a role whose attributes the dump does not hold"),
        .init("0P", .inconclusive(.permissionDenied), "a role whose attributes the dump does not hold"),
        .init("28", .inconclusive(.permissionDenied), "a role whose attributes the dump does not hold"),
    ]

    private static let concurrency: [SQLStateVerdict] = [
        .init("40", .retry(.unexplainedError), "two sessions met: says nothing about the statement alone"),
        .init("55P03", .retry(.lockTimeout), "another session held the lock"),
        .init("55006", .retry(.unexplainedError), "another session used the object"),
        .init("55", .inconclusive(.unexplainedError), "the object was not in the state that the statement wants"),
        .init("25", .inconclusive(.unexplainedError), "follows from an earlier error in the same transaction"),
        .init("3B", .inconclusive(.unexplainedError), "follows from an earlier error in the same transaction"),
    ]

    private static let machine: [SQLStateVerdict] = [
        .init(
            "53100", .stop(.diskFull), "the disk of scratch is full",
            hint: "free space, or name another directory for scratch with --scratch-directory"),
        .init(
            "53200", .retry(.outOfMemory), "the server got no memory",
            hint: "give it more with --memory, or try again with --jobs 1"),
        .init("53", .retry(.serverFailed), "scratch ran out of something"),
        .init("54", .inconclusive(.unexplainedError), "a limit of this build of the server"),
        .init(
            "57P01", .stop(.serverFailed), "something ended the session that restores",
            hint: "if the dump itself ends sessions (pg_terminate_backend), take that out: pg_dump writes no such thing"
        ),
        .init("57P02", .stop(.serverFailed), "the server crashed"),
        .init("57P03", .stop(.serverFailed), "the server went down"),
        .init("57014", .inconclusive(.deadlineExceeded), "a time limit ended the statement"),
        .init("57", .inconclusive(.unexplainedError), "somebody intervened"),
        .init("58030", .stop(.serverFailed), "the server could not read or write its files"),
        .init(
            "58P01", .inconclusive(.extensionMissing), "a file that the dump names is not on this machine",
            hint: "install the package that brings the library"),
        .init("58", .inconclusive(.serverFailed), "the operating system refused something to the server"),
        .init("F0", .inconclusive(.serverFailed), "the server's configuration"),
        .init("XX", .inconclusive(.unexplainedError), "an internal error of the server, never one of a backup alone"),
    ]

    private static let foreign: [SQLStateVerdict] = [
        .init(
            "08", .inconclusive(.connectionFailed),
            "code in the dump wants to connect elsewhere, which scratch does not let it"),
        .init(
            "HV", .inconclusive(.connectionFailed),
            "a foreign table of the dump lies on a server that scratch does not reach"),
        .init("38", .inconclusive(.unexplainedError), "code outside of the database failed"),
        .init("39", .inconclusive(.unexplainedError), "code outside of the database failed"),
    ]
}
