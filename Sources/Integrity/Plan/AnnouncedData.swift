import Backups

/// Holds the comments that announce a table's data against the data that follows.
///
/// pg_dump writes `-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: app` before the data of each table,
/// and with `COPY` a block even for a table without rows: PostgreSQL 15 src/bin/pg_dump/pg_backup_archiver.c,
/// `_printTocEntry`. A block that went missing as a whole leaves its comment behind. With `--inserts` a table without
/// rows has nothing after its comment, so nothing can be said then.
struct AnnouncedData {
    private var announced: (text: String, location: SourceLocation)?
    private var firstMissing: (text: String, location: SourceLocation)?
    private var missing = 0
    private var hasCopy = false
    private var hasInsert = false

    /// - Throws: ``ContentDamage`` at the end of a dump whose data is not all there.
    mutating func comment(_ text: String, at location: SourceLocation) throws {
        // One file may hold several dumps, each made in its own way.
        if text == "PostgreSQL database dump complete" { return try finish() }
        let isData = text.hasPrefix("Data for Name: ")
        guard isData || text.hasPrefix("Name: ") else { return }
        settle()
        if isData, text.contains("; Type: TABLE DATA; ") { announced = (text, location) }
    }

    mutating func copy() {
        hasCopy = true
        announced = nil
    }

    mutating func insert() {
        hasInsert = true
        announced = nil
    }

    /// - Throws: ``ContentDamage`` when data is missing.
    mutating func finish() throws {
        settle()
        defer { self = AnnouncedData() }
        guard hasCopy, !hasInsert, let first = firstMissing else { return }
        let others = missing > 1 ? ", the first of \(missing) like it" : ""
        throw ContentDamage(
            "structure", .corrupt, "The data that \"\(first.text)\" announces is missing\(others)", at: first.location)
    }

    private mutating func settle() {
        guard let announced else { return }
        self.announced = nil
        missing += 1
        if firstMissing == nil { firstMissing = announced }
    }
}
