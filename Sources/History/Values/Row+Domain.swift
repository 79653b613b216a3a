import Backups
import GRDB

/// Values of the domain out of a row. Errors: ``Obstacle`` `unreadable` for a value that should be there and is not, and
/// for one that has no meaning.
extension Row {
    func optionalText(_ column: String) -> String? {
        StoredText.text(self[column])
    }

    func text(_ column: String) throws -> String {
        try required(column, optionalText(column))
    }

    func optionalKey(_ column: String) -> Int64? {
        self[column]
    }

    func key(_ column: String) throws -> Int64 {
        try required(column, optionalKey(column))
    }

    func optionalCount(_ column: String) -> UInt64? {
        optionalKey(column).map { UInt64(bitPattern: $0) }
    }

    func count(_ column: String) throws -> UInt64 {
        try required(column, optionalCount(column))
    }

    func optionalTime(_ column: String) -> Timestamp? {
        optionalKey(column).map { Timestamp(microseconds: $0) }
    }

    func time(_ column: String) throws -> Timestamp {
        try required(column, optionalTime(column))
    }

    func optionalNumber(_ column: String) -> Double? {
        self[column]
    }

    func number(_ column: String) throws -> Double {
        try required(column, optionalNumber(column))
    }

    func optionalCode<Code: RawRepresentable<String>>(_ column: String) throws -> Code? {
        guard let text = optionalText(column) else { return nil }
        return try required(column, Code(rawValue: text))
    }

    func code<Code: RawRepresentable<String>>(_ column: String) throws -> Code {
        try required(column, try optionalCode(column))
    }

    func identity() throws -> BackupIdentity {
        BackupIdentity(
            path: try text("path"), sizeBytes: try count("size_bytes"), modified: try time("modified"))
    }

    private func required<Value>(_ column: String, _ value: Value?) throws -> Value {
        guard let value else {
            throw Obstacle(
                .unreadable, "a row of the history has no usable value in its column \(column)",
                hint: "The file may be damaged: `sqlite3 FILE 'PRAGMA integrity_check'` tells.")
        }
        return value
    }
}
