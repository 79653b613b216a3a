import Backups
import FoundationEssentials
import GRDB

/// Small values as one JSON text (RFC 8259) in a column: lists of lines, an objective beside what was measured.
enum StoredJSON {
    static func value(_ content: some Encodable) throws -> DatabaseValue {
        String(decoding: try JSONEncoder().encode(content), as: UTF8.self).databaseValue
    }

    static func decode<Content: Decodable>(_ text: String) throws -> Content {
        try JSONDecoder().decode(Content.self, from: Data(text.utf8))
    }
}

/// ``ObjectiveResult`` as it is kept.
struct StoredObjective: Codable {
    private let objective: Double?
    private let measured: Double?
    private let basis: String
    private let isProved: Bool

    init(_ result: ObjectiveResult) {
        objective = result.objectiveSeconds
        measured = result.measuredSeconds
        basis = result.basis
        isProved = result.isProved
    }

    /// What a column holds.
    static func read(_ column: String, _ row: Row) throws -> ObjectiveResult? {
        guard let text = row.optionalText(column) else { return nil }
        let stored: StoredObjective = try StoredJSON.decode(text)
        return stored.result
    }

    var result: ObjectiveResult {
        ObjectiveResult(objectiveSeconds: objective, measuredSeconds: measured, basis: basis, isProved: isProved)
    }
}
