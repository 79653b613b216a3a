import Backups

/// Reads the SQL of those entries that say something which a verification wants to know: tables and their partitions,
/// roles, extensions, settings. With the lexer and the classifier that read plain dumps, so that both say the same.
struct DefinitionHarvest {
    /// Kinds whose SQL is read; that of all others is skipped, so that memory stays small.
    static let kinds: Set<String> = [
        "ACL", "DATABASE", "DEFAULT ACL", "ENCODING", "EXTENSION", "FOREIGN TABLE", "POLICY", "SEARCHPATH",
        "STDSTRINGS", "TABLE", "TABLE ATTACH", "USER MAPPING",
    ]

    private(set) var contents = ContentsBuilder()
    private var session = DumpSession()
    private var lexer = DumpLexer()

    /// Of the names and texts of the archive, once its entry `ENCODING` was read: that is the first.
    var encoding: ClientEncoding { lexer.lexer.encoding }
    /// `standard_conforming_strings`, once its entry `STDSTRINGS` was read.
    var standardStrings: Bool { lexer.lexer.standardStrings }

    /// - Parameters:
    ///   - schema: where unqualified names live; only in archives made before 10.3.
    ///   - title: of the entry, for messages.
    /// - Throws: ``ContentDamage`` when it is not made of whole statements.
    mutating func read(_ definition: [UInt8], schema: String?, _ title: String) throws {
        if let schema { session.apply("search_path", value: schema, statement: []) }
        try definition.withUnsafeBytes { bytes in
            var position = 0
            while let event = try next(in: bytes, from: &position, title) {
                switch event {
                case .statement: contents.add(session.interpret(&lexer))
                case .comment: continue
                default: throw damage(title)
                }
            }
        }
        guard !lexer.isUnfinished else { throw damage(title) }
    }

    private mutating func next(
        in bytes: UnsafeRawBufferPointer, from position: inout Int, _ title: String
    ) throws -> DumpLexer.Event? {
        do {
            return try lexer.next(in: bytes, startingAt: 0, from: &position)
        } catch is ContentDamage {
            // Its place is one in the definition, and none in the archive.
            throw damage(title)
        }
    }

    private func damage(_ title: String) -> ContentDamage {
        ContentDamage("toc", .corrupt, "the definition of \(title) is not made of whole statements")
    }

    /// The table that a `COPY` statement loads into: not always the entry's own, with `--load-via-partition-root` it is the
    /// root.
    /// - Returns: `nil` when it is no such statement.
    func target(ofCopy statement: [UInt8], schema: String?) -> TableName? {
        var cursor = StatementCursor(statement, standardStrings: standardStrings, encoding: encoding)
        guard cursor.skip("copy"), let name = cursor.qualifiedName() else { return nil }
        return TableName(schema: name.schema ?? schema ?? "public", name: name.name)
    }
}
