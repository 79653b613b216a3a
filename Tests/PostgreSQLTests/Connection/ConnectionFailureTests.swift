import Backups
import Testing

@testable import PostgreSQL

@Suite struct ConnectionFailureTests {
    @Test(arguments: [
        (
            "connection to server at \"db\", port 5432 failed: FATAL:  28P01: password authentication failed for user \"a\"",
            Reason.authenticationFailed
        ),
        (
            "connection to server failed: FATAL:  28000: no pg_hba.conf entry for host \"10.0.0.1\"",
            .authenticationFailed
        ),
        ("connection to server failed: FATAL:  3D000: database \"x\" does not exist", .connectionFailed),
        ("could not translate host name \"db\" to address: Name or service not known", .connectionFailed),
        // Translated by the server: the code still tells.
        (
            "connection to server failed: FATAL:  28P01: Passwort-Authentifizierung fehlgeschlagen",
            .authenticationFailed
        ),
    ])
    func tellsPasswordFromNetwork(message: String, reason: Reason) {
        let obstacle = ConnectionFailure(message: message, target: "db/shop", needsPassword: false).obstacle
        #expect(obstacle.reason == reason)
        #expect(!obstacle.message.contains("28P01"))
        #expect(obstacle.hint != nil)
    }

    @Test func aMissingPasswordIsAMatterOfAuthentication() {
        let failure = ConnectionFailure(
            message: "connection to server failed: fe_sendauth: no password supplied", target: "db", needsPassword: true
        )
        #expect(failure.obstacle.reason == .authenticationFailed)
    }

    @Test(arguments: [
        "host=db pass word=swordfish", "postgresql://user:swordfish@[db/x", "host=db password='swordfish",
        "password=a swordfish", "postgresql://u@h/d?swordfish=1",
        // libpq takes these, and a part of the password for a host, a port or a database.
        "postgresql://u:a/swordfish@h/d", "postgres://u:5432/swordfish@h/d", "postgresql://u:a@swordfish@h/d",
        "postgresql://u:swordfish/@h/d?application_name=a@b", "postgresql://h?password=a@swordfish",
        "postgresql://u:a@swordfish@h", "postgresql://u:swordfish@a@b/d@x",
    ])
    func neverRepeatsAConnectionString(conninfo: String) {
        let error = #expect(throws: Obstacle.self) { try ConnectionParameters(conninfo: conninfo) }
        #expect(error?.reason == .connectionFailed)
        #expect(error.map { "\($0)".contains("swordfish") } == false)
    }

    @Test(arguments: [
        ("postgresql://u:a?b@h/d", "a?b"), ("postgresql://u:a%2Fb%40c@h:1/d", "a/b@c"),
        ("postgresql://h/d?password=a@b", "a@b"), ("postgresql:///d?host=/run/a@b&password=x", "x"),
        ("host=@abstract password=a/b@c", "a/b@c"), ("postgresql://u:a#b@h/d", "a#b"),
        // The user's part has ended: what comes after a slash is the database's.
        ("postgresql://u:p@h/db@x", "p"), ("postgresql://u:p@h:1/@", "p"), ("postgresql://u:p@h/d#@e", "p"),
        ("postgresql://u:p@h/db@x?application_name=a@b", "p"),
    ])
    func takesSpecialCharactersWhereTheyAreClear(conninfo: String, password: String) throws {
        #expect(try ConnectionParameters(conninfo: conninfo).values["password"] == password)
    }

    @Test(arguments: ["postgresql://u@h/db@x", "postgresql://h/db@x", "postgres://u@h,g/db@x"])
    func aDatabaseMayHaveAnAtSign(conninfo: String) throws {
        #expect(try ConnectionParameters(conninfo: conninfo).values["dbname"] == "db@x")
    }

    @Test func parsesBothShapesAndHidesThePassword() throws {
        for text in [
            "host=db port=5433 dbname=shop user=u password=swordfish", "postgresql://u:swordfish@db:5433/shop",
        ] {
            let parameters = try ConnectionParameters(conninfo: text)
            #expect(parameters.values["password"] == "swordfish")
            #expect(parameters.target == "db:5433/shop")
            #expect(!"\(parameters)".contains("swordfish"))
            #expect(!String(reflecting: parameters).contains("swordfish"))
            #expect(parameters.redacted("got swordfish, swordfish") == "got ***, ***")
        }
    }

    @Test func aServerThatIsNotThereIsAnObstacle() throws {
        let parameters = ConnectionParameters(["host": "/nonexistent", "user": "u", "password": "swordfish"])
        let error = #expect(throws: Obstacle.self) { try Connection(parameters) }
        #expect(error?.reason == .connectionFailed)
        #expect(error.map { "\($0)".contains("swordfish") } == false)
    }

    @Test func anUnknownRoleIsAMatterOfAuthentication() throws {
        var parameters = try SharedScratch.server.get().parameters()
        parameters.values["user"] = "nobody_of_that_name"
        let error = #expect(throws: Obstacle.self) { try Connection(parameters) }
        #expect(error?.reason == .authenticationFailed)
    }
}
