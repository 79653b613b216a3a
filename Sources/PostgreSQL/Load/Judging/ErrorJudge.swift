import Backups

/// Says what the error of a statement means. Remembers what could not be created for want of something on this machine,
/// so that what follows from it is not held against the backup.
package struct ErrorJudge: Sendable {
    private let circumstances: LoadCircumstances
    /// Why something was not created, in file order: its reason, and the explanation.
    private var causes: [Cause] = []
    /// Why a COPY was refused whose rows psql then ran as statements.
    private var refusedCopy: Cause?

    private typealias Cause = (reason: Reason, because: String, hint: String?)

    package init(_ circumstances: LoadCircumstances) {
        self.circumstances = circumstances
    }

    /// An extension that was left out because that was asked for.
    package mutating func note(ignoredExtension name: String) {
        causes.append((.extensionMissing, "the extension \(name) was left out", nil))
    }

    /// Judges an error that is not due to other sessions any more.
    package mutating func judge(_ error: PostgreSQLError, of statement: [UInt8]) -> Judgement {
        judge(error, StatementText(statement))
    }

    mutating func judge(_ error: PostgreSQLError, _ statement: StatementText) -> Judgement {
        if let harmless = HarmlessError.matching(error, statement) { return .harmless(harmless) }
        let judgement = judgeHarmful(error, statement)
        guard case .finding(.inconclusive, let reason, let because, let hint) = judgement else { return judgement }
        if Self.creates(statement), !because.hasPrefix(Self.follows) { causes.append((reason, because, hint)) }
        if circumstances.rowsMayRunAsStatements, refusedCopy == nil, statement.begins(with: "COPY") {
            refusedCopy = (reason, "psql ran the rows of a COPY as statements, which failed itself: \(because)", hint)
        }
        return judgement
    }

    private func judgeHarmful(_ error: PostgreSQLError, _ statement: StatementText) -> Judgement {
        let verdict = SQLStateVerdict.of(error.sqlstate)
        if case .stop(let reason) = verdict.response {
            return .stop(reason, because: verdict.because, hint: verdict.hint)
        }
        if let explained = ErrorExplanation(error, statement) {
            return .finding(.inconclusive, explained.reason, because: explained.because, hint: explained.hint)
        }
        if Self.followsFromMissing.contains(error.sqlstate), let cause = causes.last {
            return .finding(
                .inconclusive, cause.reason, because: "\(Self.follows)\(cause.because)", hint: cause.hint)
        }
        if let refusedCopy, case .failed = verdict.response {
            return .finding(.inconclusive, refusedCopy.reason, because: refusedCopy.because, hint: refusedCopy.hint)
        }
        switch verdict.response {
        case .failed(let reason):
            return excuse(error, verdict)
                ?? .finding(.failed, reason, because: verdict.because, hint: verdict.hint)
        case .inconclusive(let reason), .retry(let reason), .stop(let reason):
            return .finding(.inconclusive, reason, because: verdict.because, hint: verdict.hint)
        }
    }

    /// What else may explain an error that would fail the backup.
    private func excuse(_ error: PostgreSQLError, _ verdict: SQLStateVerdict) -> Judgement? {
        let isDefinition = verdict.code.hasPrefix("42") || verdict.code.hasPrefix("3")
        if isDefinition, let difference = circumstances.versionDifference {
            return .finding(
                .inconclusive, .versionDifference, because: difference,
                hint: circumstances.dumpedMajor.map { "install postgresql-\($0)" })
        }
        if !circumstances.hasSchema, ["42P01", "3F000", "42704", "42883"].contains(error.sqlstate) {
            return .finding(
                .inconclusive, .selectionOnly, because: "the dump holds data only: its tables are in another one",
                hint: "verify a dump with the schema in it")
        }
        if Self.duplicates.contains(error.sqlstate), circumstances.createsExtensions {
            return .finding(
                .inconclusive, .versionDifference,
                because: "something is there already, perhaps from another version of an extension",
                hint: "install the version of the extension that production has")
        }
        return nil
    }

    private static let follows = "follows from this: "

    /// Statements whose failure leaves something out that others need.
    private static func creates(_ statement: StatementText) -> Bool {
        statement.begins(with: "CREATE") || statement.begins(with: "ALTER") || statement.begins(with: "COPY")
            || statement.begins(with: "INSERT") || statement.begins(with: "IMPORT")
    }

    /// What a missing object makes others say: undefined things, and rows that refer to rows not loaded.
    private static let followsFromMissing: Set<String> = [
        "42704", "42883", "42P01", "42703", "42809", "3F000", "3D000", "23503", "25P02", "42P16", "42830", "55000",
    ]

    private static let duplicates: Set<String> = ["42710", "42P07", "42723", "42P06", "42701"]
}
