import TestSupport

/// A small shop in a production-like server, and where scratch servers of the tests live.
struct RestoredShop {
    /// One directory for all tests: its template is made once.
    static let scratch = "/var/tmp/restorable-test"

    let database: TestDatabase
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
            CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users, created_at timestamptz);
            CREATE INDEX ON orders (created_at);
            CREATE SEQUENCE invoice START 7;
            INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 50) n;
            INSERT INTO orders SELECT n, n % 50 + 1, now() - n * interval '1 minute' FROM generate_series(1, 500) n;
            """)
    }

    /// A plain dump.
    func dump() throws -> String { try database.dump(to: directory.file("shop.sql")) }

    /// `restorable verify --scratch-directory … arguments`.
    static func verify(
        _ arguments: [String], scratch: String = scratch, environment: [String: String] = [:], input: String? = nil
    ) throws -> ToolResult {
        try Restorable.run(
            ["verify", "--scratch-directory", scratch] + arguments, environment: environment, input: input)
    }

    /// What a collection finds, as JSON.
    static func leftovers(in scratch: String = scratch, arguments: [String] = []) throws -> String {
        try Restorable.run(["gc", "--json", "--scratch-directory", scratch] + arguments).outputText
    }
}
