/// A small shop: customers, products, orders, their lines, payments, and events in partitions by month.
///
/// The same rows each time for a given size; keys, indexes and foreign keys as such a database has them. The SQL lies in
/// `Benchmarks/shop.sql`, where `scripts/demo` and `scripts/bench` find it, too.
package struct ShopDatabase: Sendable {
    /// Orders; the other tables grow with it. 1 000 orders are about 0.4 MB of SQL.
    package let orders: Int

    package init(orders: Int = 1_000) {
        self.orders = orders
    }

    /// A new database on `server` with the shop in it.
    package func database(on server: TestServer, named name: String? = nil) throws -> TestDatabase {
        let database = try server.createDatabase(named: name)
        try database.run(sql())
        return database
    }

    /// Makes the tables in an empty database.
    package func sql() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return try "\\set orders \(orders)\n" + TestFile.text("/\(root)/Benchmarks/shop.sql")
    }
}
