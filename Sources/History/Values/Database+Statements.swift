import GRDB

/// Statements that are compiled once for each connection.
extension Database {
    func run(_ sql: String, _ values: [DatabaseValue] = []) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    func rows(_ sql: String, _ values: [DatabaseValue] = []) throws -> [Row] {
        try Row.fetchAll(try cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    func row(_ sql: String, _ values: [DatabaseValue] = []) throws -> Row? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    func insert(into table: String, _ columns: KeyValuePairs<String, DatabaseValue>) throws {
        let names = columns.map(\.key).joined(separator: ", ")
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        try run("INSERT INTO \(table) (\(names)) VALUES (\(places))", columns.map(\.value))
    }

    func update(_ table: String, id: Int64, _ columns: KeyValuePairs<String, DatabaseValue>) throws {
        let settings = columns.map { "\($0.key) = ?" }.joined(separator: ", ")
        try run("UPDATE \(table) SET \(settings) WHERE id = ?", columns.map(\.value) + [id.databaseValue])
    }
}
