import TestSupport

/// A database on a server of its own that wants a password which stands nowhere else on this machine.
struct GuardedShop {
    let directory: TemporaryDirectory
    let server: TestServer
    let database: TestDatabase
    /// Letters and digits alone, so that it looks the same in JSON, HTML, SQL, a shell and an URI.
    let password: String
    /// Somebody's as well: of another server, perhaps.
    let wrong: String

    init() throws {
        directory = try TemporaryDirectory()
        server = try TestServer()
        database = try server.createDatabase()
        let number = String(UInt64.random(in: 0 ... .max), radix: 36)
        (password, wrong) = ("Sw0rdfish\(number)", "Wr0ngfish\(number)")
        try server.makePasswordRole()
        try server.maintenance.run("ALTER ROLE \(TestServer.passwordRole) PASSWORD '\(password)'")
        try database.run("CREATE TABLE orders AS SELECT n AS id FROM generate_series(1, 500) n")
    }

    var secrets: [String] { [password, wrong] }

    /// The password's role, without the password.
    var conninfo: String { server.conninfo(database: database.name, user: TestServer.passwordRole) }

    func uri(_ password: String, host: String? = nil) -> String {
        let query = host.map { _ in "" } ?? "?host=\(server.socketDirectory)"
        return "postgresql://\(TestServer.passwordRole):\(password)@\(host ?? "")/\(database.name)\(query)"
    }

    /// Each way to say a password, as a connection string and the environment that goes with it.
    func ways(_ password: String) throws -> [(conninfo: String, environment: [String: String])] {
        let passfile = try directory.write("*:*:*:*:\(password)\n", to: "passwords-\(password == wrong)")
        let service =
            "[shop]\nhost=\(server.socketDirectory)\nuser=\(TestServer.passwordRole)\ndbname=\(database.name)\n"
        let services = try directory.write(service + "password=\(password)\n", to: "services-\(password == wrong)")
        try Tool.run("chmod", ["600", passfile, services])
        return [
            ("\(conninfo) password=\(password)", [:]), (uri(password), [:]), (conninfo, ["PGPASSWORD": password]),
            ("\(conninfo) passfile=\(passfile)", [:]), (conninfo, ["PGPASSFILE": passfile]),
            ("service=shop", ["PGSERVICEFILE": services]), ("", ["PGSERVICEFILE": services, "PGSERVICE": "shop"]),
        ]
    }

    /// Strings that libpq does not take, or takes for something else than was meant: with the password in each.
    func malformed() -> [String] {
        [
            "\(conninfo) password='\(password)", "\(conninfo) pasword=\(password)",
            "\(conninfo) password=a \(password)",
            "postgresql://u:\(password)%zz@host/db", "postgresql://u:\(password)/x@host/db",
            "postgresql://u:12/\(password)@host/db", "postgresql://u:x@\(password)@host/db",
            "postgresql://u:x/\(password)@host/db?application_name=a@b",
            "postgres://u:x@host:\(password)x@other/db",
        ]
    }

    /// Which of the secrets stand in `text`.
    func found(in text: String) -> [String] { secrets.filter { text.contains($0) } }
}
