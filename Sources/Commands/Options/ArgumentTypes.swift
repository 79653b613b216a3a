import ArgumentParser
import Backups
import Verification

/// Readers of option values. A value that can't be read is wrong usage, and says what would be right.
enum ArgumentTypes {
    /// Of `--max-content`, which several commands have.
    static let maximumContentHelp = ArgumentHelp(
        "Give up a backup that comes to more than this when it is decompressed, as 512GiB. Default: 4TiB.")

    static func duration(_ text: String) throws -> Duration {
        guard let value = DurationText.parse(text) else { throw wrong(text, DurationText.expectation) }
        return value
    }

    static func size(_ text: String) throws -> UInt64 {
        guard let value = ByteSize.parse(text) else { throw wrong(text, ByteSize.expectation) }
        return value
    }

    static func drift(_ text: String) throws -> Drift {
        guard let value = Drift.parse(text) else { throw wrong(text, Drift.expectation) }
        return value
    }

    static func jobs(_ text: String) throws -> Int {
        guard let value = Int(text), (1...64).contains(value) else { throw wrong(text, "a number from 1 to 64") }
        return value
    }

    /// `TABLE.COLUMN` or `SCHEMA.TABLE.COLUMN`.
    static func freshness(_ text: String) throws -> ProofOptions.FreshnessRule {
        guard let parts = QualifiedName.parts(text), parts.count == 2 || parts.count == 3, let column = parts.last
        else {
            throw wrong(text, "TABLE.COLUMN or SCHEMA.TABLE.COLUMN")
        }
        let table = TableName(schema: parts.count == 3 ? parts[0] : "public", name: parts[parts.count - 2])
        return ProofOptions.FreshnessRule(table: table, column: column)
    }

    /// `TABLE` (of public) or `SCHEMA.TABLE`.
    static func table(_ text: String) throws -> TableName {
        guard let table = TableName(parsing: text) else { throw wrong(text, TableName.expectation) }
        return table
    }

    private static func wrong(_ text: String, _ expectation: String) -> ValidationError {
        ValidationError("\"\(text)\" is not \(expectation)")
    }
}

extension Stage: ExpressibleByArgument {}
extension RestoreFacts.Profile: ExpressibleByArgument {}
extension RestoreOptions.LoaderChoice: ExpressibleByArgument {}
