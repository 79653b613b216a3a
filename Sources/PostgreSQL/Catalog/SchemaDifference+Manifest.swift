package import Backups

extension SchemaDifference {
    /// Holds `restored` against the digests of a manifest: names what differs, without the definitions of then.
    package init(
        _ schema: Manifest.Schema, serverMajor: Int, _ restored: CatalogSnapshot,
        tolerance: SchemaTolerance = SchemaTolerance()
    ) throws {
        let rules = Rules(first: serverMajor, second: restored.serverMajor, tolerance: tolerance)
        let found = try SchemaFingerprint.make(of: restored).objects
        let definitions = Dictionary(
            restored.objects.map { ($0.key.escapingControl(), $0) }, uniquingKeysWith: { first, _ in first })
        var entries: [Entry] = []
        let keys = Set(schema.objects.keys).union(found.keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for key in keys where schema.objects[key] != found[key] {
            let change: Change = schema.objects[key] == nil ? .added : found[key] == nil ? .missing : .changed
            let object = definitions[key]
            let (kind, identity) = object.map { ($0.kind, $0.identity) } ?? Self.parse(key)
            entries.append(
                Entry(
                    change: change, key: key, first: nil, second: change == .added ? object?.definition : nil,
                    excuse: rules.excuse(for: kind, identity: identity, change: change)))
        }
        self.init(entries: entries, compared: keys.count)
    }

    private init(entries: [Entry], compared: Int) {
        self.entries = entries
        self.compared = compared
    }

    /// Kind and identity of a key; the longest kind that fits, as some begin with another.
    private static func parse(_ key: String) -> (CatalogKind, String) {
        let kind = CatalogKind.allCases.filter { key.hasPrefix($0.rawValue + " ") }
            .max { $0.rawValue.utf8.count < $1.rawValue.utf8.count }
        guard let kind else { return (.table, key) }
        return (kind, String(key.dropFirst(kind.rawValue.count + 1)))
    }
}
