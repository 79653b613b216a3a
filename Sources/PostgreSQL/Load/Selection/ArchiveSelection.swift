import Backups
import Integrity

/// Picks from an archive's table of contents what belongs to some tables or schemas, as ``PlanSelection`` does from a
/// plain dump: pg_restore's own `--schema` and `--table` leave out the extensions, types, partitions, indexes and
/// constraints that the tables need to come back whole.
///
/// Kept: what was asked for; the partitions below and the tables above; what those need to exist (extensions, schemas,
/// types, functions, sequences); and what hangs on them (data, defaults, indexes, constraints, triggers, grants), but
/// for foreign keys to tables that are left out.
///
/// Dependencies: PostgreSQL 15 src/bin/pg_dump/pg_dump.c, `BuildArchiveDependencies`; a partition and its root are named
/// by the entry `TABLE ATTACH`, `dumpTableAttach`.
struct ArchiveSelection {
    private let entries: [TOCEntry]
    private let byIdentifier: [Int: TOCEntry]
    private let tables: Set<TableName>
    private let schemas: Set<String>

    /// Kinds that rows, or the structure of a table, are in: never taken along for want of them alone.
    private static let relations: Set<String> = [
        "TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW", "SEQUENCE", "INDEX", "CONSTRAINT",
    ]
    /// Kinds that follow what they belong to.
    private static let dependents: Set<String> = [
        "TABLE DATA", "TABLE ATTACH", "DEFAULT", "SEQUENCE", "SEQUENCE OWNED BY", "SEQUENCE SET", "INDEX",
        "INDEX ATTACH", "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "STATISTICS", "STATISTICS DATA", "TRIGGER",
        "RULE", "POLICY", "ROW SECURITY", "MATERIALIZED VIEW DATA", "COMMENT", "ACL", "SECURITY LABEL",
    ]
    private static let tableKinds: Set<String> = ["TABLE", "FOREIGN TABLE"]

    init(_ entries: [TOCEntry], _ options: LoadOptions) {
        self.entries = entries
        byIdentifier = Dictionary(entries.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
        tables = options.tables
        schemas = options.schemas
    }

    /// In the order of the archive.
    func selected() -> [TOCEntry] {
        var kept: Set<Int> = []
        for entry in entries where isAskedFor(entry) { keep(entry, &kept) }
        for partition in partitions(below: kept) { keep(partition, &kept) }
        var count: Int
        repeat {
            count = kept.count
            for entry in entries where !kept.contains(entry.identifier) && follows(entry, kept) { keep(entry, &kept) }
        } while kept.count > count
        return entries.filter { kept.contains($0.identifier) }
    }

    private func isAskedFor(_ entry: TOCEntry) -> Bool {
        if entry.kind == "SCHEMA" { return schemas.contains(entry.tag) }
        guard let schema = entry.schema else { return false }
        let isTable = Self.tableKinds.contains(entry.kind) || entry.kind == "TABLE DATA"
        if isTable, tables.contains(TableName(schema: schema, name: entry.tag)) { return true }
        return schemas.contains(schema)
            && (!Self.dependents.contains(entry.kind) || ["SEQUENCE", "TABLE DATA"].contains(entry.kind))
    }

    /// Whether what `entry` belongs to is kept, and all that it needs of other tables.
    private func follows(_ entry: TOCEntry, _ kept: Set<Int>) -> Bool {
        guard Self.dependents.contains(entry.kind) else { return false }
        let needed = entry.dependencies.compactMap { byIdentifier[$0] }
        // A partition comes with its root; a root for want of one partition, not with the others.
        if entry.kind == "TABLE ATTACH" {
            return needed.contains { kept.contains($0.identifier) && isPartition($0, entry) }
        }
        return needed.contains { kept.contains($0.identifier) }
            && needed.allSatisfy { kept.contains($0.identifier) || !isOfOthers($0) }
    }

    private func partitions(below roots: Set<Int>) -> [TOCEntry] {
        let links = entries.filter { $0.kind == "TABLE ATTACH" }
        var (reached, found) = (roots, [TOCEntry]())
        var count: Int
        repeat {
            count = found.count
            for link in links {
                let tables = link.dependencies.compactMap { byIdentifier[$0] }
                guard let partition = tables.first(where: { isPartition($0, link) }),
                    tables.contains(where: { !isPartition($0, link) && reached.contains($0.identifier) }),
                    reached.insert(partition.identifier).inserted
                else { continue }
                found.append(partition)
            }
        } while found.count > count
        return found
    }

    /// `TABLE ATTACH` has the name of the partition, and not that of its root.
    private func isPartition(_ table: TOCEntry, _ link: TOCEntry) -> Bool {
        table.schema == link.schema && table.tag == link.tag
    }

    /// Keeps `entry` and all that it can't exist without.
    private func keep(_ entry: TOCEntry, _ kept: inout Set<Int>) {
        var open = [entry]
        while let next = open.popLast() {
            guard kept.insert(next.identifier).inserted else { continue }
            let takesTables = Self.tableKinds.contains(next.kind) || next.kind == "TABLE ATTACH"
            for dependency in next.dependencies.compactMap({ byIdentifier[$0] }) {
                let isTable = Self.tableKinds.contains(dependency.kind)
                if isTable ? takesTables : !isOfOthers(dependency) { open.append(dependency) }
            }
        }
    }

    /// A sequence that a default asks is taken along.
    private func isOfOthers(_ entry: TOCEntry) -> Bool {
        Self.relations.contains(entry.kind) && entry.kind != "SEQUENCE"
    }
}
