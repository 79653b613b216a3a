import Backups

/// Whether the backup holds what `--table` and `--schema` name. A name that it does not hold selects nothing, and must
/// not look like a table that came back.
struct SelectionNames {
    /// Tables of the backup, and those that were restored.
    let known: Set<TableName>

    private static let shown = 5

    func checks(_ options: RestoreOptions) -> [Check] {
        options.tables.compactMap(missing) + options.schemas.compactMap(missing)
    }

    private func missing(_ table: TableName) -> Check? {
        guard !known.contains(where: { $0.schema == table.schema && $0.name == table.name }) else { return nil }
        let namesake = known.filter { $0.name == table.name }.map(Self.name).min()
        let near = namesake ?? NearestName.of(Self.name(table), among: known.map(Self.name))
        return check("table", Self.name(table), near, among: known.map(Self.name))
    }

    private func missing(_ schema: String) -> Check? {
        let schemas = Set(known.map(\.schema))
        guard !schemas.contains(schema) else { return nil }
        return check(
            "schema", SQLIdentifier.quotedIfNeeded(schema),
            NearestName.of(schema, among: schemas).map { SQLIdentifier.quotedIfNeeded($0) },
            among: schemas.map { SQLIdentifier.quotedIfNeeded($0) })
    }

    private func check(_ kind: String, _ name: String, _ near: String?, among all: [String]) -> Check {
        let names = Set(all).sorted()
        let list = names.prefix(Self.shown).joined(separator: ", ") + (names.count > Self.shown ? ", …" : "")
        return .inconclusive(
            "\(kind):\(name)", in: .restore, .selectionOnly,
            "the backup holds no \(kind == "schema" ? "table in the schema" : "table") \(name)",
            hint: near.map { "did you mean \($0)?" }
                ?? (names.isEmpty ? "it holds no table at all" : "it holds \(list)"))
    }

    /// Whatever the database.
    private static func name(_ table: TableName) -> String {
        TableName(schema: table.schema, name: table.name).description
    }
}
