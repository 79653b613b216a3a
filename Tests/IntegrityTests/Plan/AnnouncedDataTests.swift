import Backups
import Integrity
import TestSupport
import Testing

/// A table's data that is gone as a whole, with the comment before it left behind.
@Suite struct AnnouncedDataTests {
    private let database: TestDatabase
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE users (id integer); INSERT INTO users VALUES (1), (2);
            CREATE TABLE orders (id integer); INSERT INTO orders VALUES (1);
            CREATE TABLE "none; Type: TABLE DATA; " ();
            CREATE TABLE parts (id integer) PARTITION BY RANGE (id);
            CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
            INSERT INTO parts VALUES (1);
            """)
    }

    private func dump(_ arguments: [String] = []) throws -> String {
        try TestFile.text(try database.dump(arguments, to: directory.file("dump.sql")))
    }

    @Test(arguments: [
        [], ["--inserts"], ["--data-only"], ["--schema-only"], ["--load-via-partition-root"],
        ["--data-only", "--disable-triggers"],
        ["--exclude-table-data=orders"],
    ])
    func whatIsAnnouncedIsThere(arguments: [String]) throws {
        _ = try scan(try dump(arguments))
    }

    @Test(arguments: ["users", "orders", "parts_1"]) func aMissingBlockIsNamed(table: String) throws {
        var damaged = try dump()
        let start = try #require(damaged.firstRange(of: "COPY public.\(table) ")).lowerBound
        let end = try #require(damaged[start...].firstRange(of: "\\.\n")).upperBound
        damaged.removeSubrange(start..<end)
        let damage = #expect(throws: ContentDamage.self) { _ = try scan(damaged) }
        #expect(damage?.reason == .corrupt)
        #expect(damage?.message.contains("Name: \(table);") == true)
    }

    @Test func dumpsOfBothKindsMayStandInOneFile() throws {
        let (copies, inserts) = (try dump(), try dump(["--inserts"]))
        _ = try scan(copies + inserts)
        let start = try #require(copies.firstRange(of: "COPY public.users ")).lowerBound
        let end = try #require(copies[start...].firstRange(of: "\\.\n")).upperBound
        let damaged = copies.replacingSubrange(start..<end, with: "")
        #expect(throws: ContentDamage.self) { _ = try scan(inserts + damaged) }
    }
}

extension String {
    fileprivate func replacingSubrange(_ range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
