import CPQ
import Glibc
import Synchronization

/// A private, throw-away PostgreSQL that plays production: on a Unix socket only, gone with this process however it ends.
///
/// Connections as ``superuser`` are trusted. The role ``passwordRole`` must give ``password`` (SCRAM), for tests of wrong
/// passwords; make it with ``makePasswordRole()``.
package final class TestServer: Sendable {
    package static let superuser = "postgres"
    package static let passwordRole = "needs_password"
    package static let password = "correct horse"

    package let installation: TestInstallation
    /// Holds the socket; its name stands for the host in connection strings.
    package let socketDirectory: String

    private let directory: TemporaryDirectory
    private let watchman: Watchman
    private let log: Descriptor
    private let databases = Atomic<Int>(0)

    private static let shared = Mutex<[Int: Result<TestServer, any Error>]>([:])

    /// The server of this major version that all tests of this process share. Make your own database in it.
    package static func shared(major: Int = 15) throws -> TestServer {
        try shared.withLock { servers in
            if let server = servers[major] { return try server.get() }
            let server = Result { try TestServer(major: major) }
            servers[major] = server
            return try server.get()
        }
    }

    /// Starts one of your own, for tests that stop it or change it as a whole.
    /// - Parameters:
    ///   - settings: added to postgresql.conf's.
    ///   - cluster: arguments of `initdb`, as `--wal-segsize=1`.
    package convenience init(major: Int = 15, settings: [String: String] = [:], cluster: [String] = []) throws {
        try self.init(try TestInstallation.major(major), settings: settings, primary: nil, cluster: cluster)
    }

    /// Starts a standby of `primary`, which streams from it.
    package convenience init(standbyOf primary: TestServer, settings: [String: String] = [:]) throws {
        try self.init(primary.installation, settings: settings, primary: primary, cluster: [])
    }

    /// Starts one of this installation.
    package convenience init(_ installation: TestInstallation, settings: [String: String] = [:]) throws {
        try self.init(installation, settings: settings, primary: nil, cluster: [])
    }

    private init(
        _ installation: TestInstallation, settings: [String: String], primary: TestServer?, cluster: [String]
    ) throws {
        self.installation = installation
        directory = try TemporaryDirectory()
        socketDirectory = directory.path
        log = try Descriptor.unnamed()
        let data = directory.file("data")
        let user = try TestServerUser.current()
        try user.own(directory.path)
        if let primary {
            let copying = [
                "-D", data, "-R", "--no-sync", "--checkpoint=fast", "-d", primary.conninfo(user: Self.superuser),
            ]
            let tool = installation.tool("pg_basebackup")
            try Tool.run(user.program(tool), user.arguments(tool, copying), environment: user.environment)
        } else {
            try Self.initialize(data, installation, user, cluster)
        }

        var options = ["-D", data]
        for (name, value) in Self.settings(socketDirectory: socketDirectory).merging(settings, uniquingKeysWith: { $1 })
        {
            options += ["-c", "\(name)=\(value)"]
        }
        // An immediate shutdown: there is nothing to save. The watcher is ended with the server, so that it never
        // signals a process that got its number later.
        let script = """
            exec 3<&0
            directory=$1; shift
            "$@" 3<&- </dev/null & server=$!
            (cat <&3 >/dev/null; kill -QUIT $server 2>/dev/null) & watcher=$!
            wait $server
            kill $watcher 2>/dev/null
            rm -rf -- "$directory"
            """
        let postgres = installation.tool("postgres")
        watchman = try Watchman(
            script: script,
            [directory.path, "/usr/bin/env", "-i"] + user.environment.map { "\($0)=\($1)" }
                + [user.program(postgres)] + user.arguments(postgres, options),
            output: log)
        try awaitReadiness()
    }

    deinit { watchman.dismiss() }

    /// Ends it at once, as a crash would: connections break. Connecting fails from then on.
    package func stop() { watchman.dismiss() }

    /// A connection string for `database`.
    package func conninfo(database: String = "postgres", user: String = TestServer.superuser) -> String {
        "host=\(socketDirectory) port=5432 user=\(user) dbname='\(Self.escaped(database))'"
    }

    /// Makes a database.
    /// - Parameters:
    ///   - name: unique in this server when not given.
    ///   - encoding: as `LATIN1`, `SQL_ASCII`; UTF8 when not given.
    ///   - locale: must fit the encoding; `C` fits each.
    package func createDatabase(named name: String? = nil, encoding: String? = nil, locale: String? = nil) throws
        -> TestDatabase
    {
        let number = databases.wrappingAdd(1, ordering: .relaxed).newValue
        let database = TestDatabase(server: self, name: name ?? "test_\(number)")
        var statement = "CREATE DATABASE \(database.quotedName) TEMPLATE template0"
        if let encoding { statement += " ENCODING '\(encoding)' LOCALE '\(locale ?? "C")'" }
        if encoding == nil, let locale { statement += " LOCALE '\(locale)'" }
        try maintenance.run(statement)
        return database
    }

    /// The database `postgres`.
    package var maintenance: TestDatabase { TestDatabase(server: self, name: "postgres") }

    /// Makes ``passwordRole``, if it is not there.
    package func makePasswordRole() throws {
        try maintenance.run(
            """
            DO $$ BEGIN
                CREATE ROLE \(Self.passwordRole) LOGIN PASSWORD '\(Self.password)';
                GRANT pg_read_all_data, pg_monitor TO \(Self.passwordRole);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
            """)
    }

    /// `pg_dumpall` to `path`.
    @discardableResult
    package func dumpAll(_ arguments: [String] = [], to path: String) throws -> String {
        try Tool.run(
            installation.tool("pg_dumpall"),
            ["-h", socketDirectory, "-U", Self.superuser, "--no-sync", "-f", path] + arguments)
        return path
    }

    /// What the server has logged so far.
    package func logText() throws -> String { String(decoding: try log.contents(), as: UTF8.self) }

    private static func initialize(
        _ data: String, _ installation: TestInstallation, _ user: TestServerUser, _ arguments: [String]
    ) throws {
        try Tool.run(
            user.program(installation.tool("initdb")),
            user.arguments(
                installation.tool("initdb"),
                [
                    "-D", data, "-U", superuser, "--auth=trust", "--no-sync", "--encoding=UTF8",
                    "--locale=C.UTF-8", "--no-instructions",
                ] + arguments), environment: user.environment)
        try Tool.shell(
            "printf 'local all \(passwordRole) scram-sha-256\\nlocal all all trust\\n"
                + "local replication all trust\\n' >\"$1/pg_hba.conf\"", [data])
    }

    private static func settings(socketDirectory: String) -> [String: String] {
        [
            "listen_addresses": "", "unix_socket_directories": socketDirectory, "fsync": "off",
            "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "32MB", "max_connections": "40",
            "autovacuum": "off", "timezone": "UTC", "log_timezone": "UTC", "max_locks_per_transaction": "256",
            "max_prepared_transactions": "4", "wal_level": "logical", "jit": "off",
        ]
    }

    /// libpq can only be asked again and again whether a server accepts connections: nothing can be waited for.
    private func awaitReadiness() throws {
        for _ in 0..<6000 {
            if PQping(conninfo()) == PQPING_OK { return }
            usleep(10_000)
        }
        throw TestFailure("PostgreSQL \(installation.major) did not start:\n\(try logText())")
    }

    private static func escaped(_ value: String) -> String {
        String(value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] })
    }
}
