package import Backups

extension SchemaDifference {
    /// Kinds that belong to a relation, and name it after their own name: `orders_total on public.orders`.
    private static let attached: [CatalogKind] = [.constraint, .notNull, .trigger, .rule, .policy]

    /// The tables of `relations` that what counts belongs to: the tables themselves, their columns, constraints, triggers,
    /// rules and policies. An index does not name its table.
    /// - Parameter relations: keys of catalog objects, as ``Entry/key`` has them: tells a table from a view.
    package func tables(among relations: Set<String>) -> Set<TableName> {
        var tables: Set<TableName> = []
        for entry in counting {
            guard let relation = Self.relation(of: entry.key),
                relations.contains("\(CatalogKind.table.rawValue) \(relation)")
            else { continue }
            tables.insert(relation.table)
        }
        return tables
    }

    /// The relation that a catalog object belongs to.
    private static func relation(of key: String) -> RelationName? {
        func scanner(of kind: CatalogKind) -> NameScanner? {
            let prefix = "\(kind.rawValue) "
            return key.hasPrefix(prefix) ? NameScanner(key.unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : nil
        }
        for kind in [CatalogKind.table, .column] {
            if var names = scanner(of: kind) { return names.relation() }
        }
        for kind in attached {
            guard var names = scanner(of: kind) else { continue }
            guard names.name() != nil, names.skip(" on ") else { return nil }
            return names.relation()
        }
        return nil
    }
}

/// `schema.name`.
private struct RelationName: CustomStringConvertible {
    let table: TableName
    /// As the catalog wrote it.
    let description: String
}

/// Reads names as PostgreSQL's `quote_ident` writes them.
private struct NameScanner {
    private var rest: Substring.UnicodeScalarView

    init(_ text: Substring.UnicodeScalarView) { rest = text }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    mutating func relation() -> RelationName? {
        let start = rest
        guard let schema = name(), skip("."), let table = name() else { return nil }
        return RelationName(
            table: TableName(schema: schema, name: table), description: String(start[..<rest.startIndex]))
    }

    mutating func name() -> String? {
        guard skip("\"") else {
            let bare = rest.prefix { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
            rest = rest[bare.endIndex...]
            return bare.isEmpty ? nil : String(bare)
        }
        var name = ""
        while let scalar = rest.popFirst() {
            // Two quotes are one.
            if scalar == "\"", !skip("\"") { return name }
            name.unicodeScalars.append(scalar)
        }
        return nil
    }
}
