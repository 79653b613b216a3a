import Backups
import Hummingbird
import HummingbirdTesting
import HTTPTypes
import Synchronization
import Testing

@testable import Web

@Suite struct AuthenticationTests {
    /// crypt(3) of "correct horse", as perl's crypt has it.
    static let hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"
    /// Of "test", made by another implementation: Python's bcrypt 5.
    private static let ofPython = "$2b$10$4w1UwNSewlel5GArh.SgdeChmnWKZ1Az3TRM.tk2v7pztR2TNEO1K"
    /// The same as htpasswd marks it.
    private static let ofApache = ofPython.replacing("$2b$", with: "$2y$")

    @Test(arguments: [
        (hash, "correct horse", true), (hash, "correct hors", false), (hash, "", false),
        (hash, "correct horse\0x", false),
        (ofPython, "test", true), (ofPython, "Test", false), (ofApache, "test", true), (ofApache, "tests", false),
    ])
    func aPasswordMatchesItsHashAlone(hash: String, password: String, isRight: Bool) throws {
        #expect(try #require(PasswordHash(hash)).matches(Array(password.utf8)) == isRight)
    }

    @Test(arguments: [
        "", "secret", "$1$abc$def", "$2b$04$short", hash + "x", hash.replacing("$04$", with: "$99$"),
        "$2x" + hash.dropFirst(3),
    ])
    func otherTextIsNoHash(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func anUnmatchedHashTakesBcryptsTime() throws {
        let stranger = try #require(PasswordHash.unmatched(cost: 11))
        let real = try #require(PasswordHash.unmatched(cost: 4))
        #expect(!stranger.matches(Array("x".utf8)))
        let clock = ContinuousClock()
        let long = clock.measure { _ = stranger.matches(Array("x".utf8)) }
        let short = clock.measure { _ = real.matches(Array("x".utf8)) }
        // 128 times the rounds.
        #expect(long > short * 10)
    }

    private func header(_ user: String, _ password: String) -> String {
        "Basic " + Base64.encoded(Array("\(user):\(password)".utf8))
    }

    @Test func onlyTheRightPasswordIsGranted() async throws {
        let hash = try #require(PasswordHash(Self.hash))
        let authentication = BasicAuthentication(users: ["ann": hash])
        for _ in 0..<2 {
            #expect(await authentication.check(header("ann", "correct horse")) == .granted)
            #expect(await authentication.check(header("ann", "wrong")) == .denied)
            #expect(await authentication.check(header("bob", "correct horse")) == .denied)
            #expect(await authentication.check(nil) == .denied)
            #expect(await authentication.check("Bearer x") == .denied)
            #expect(await authentication.check("Basic %%%") == .denied)
        }
    }

    /// No thread takes a trial: a password that is known needs none, every other one does.
    @Test func aKnownPasswordNeedsNoThread() async throws {
        let hash = try #require(PasswordHash(Self.hash))
        let none = BasicAuthentication(users: ["ann": hash], thread: PasswordThread(capacity: 0))
        for user in ["ann", "bob"] { #expect(await none.check(header(user, "correct horse")) == .busy) }
        let slow = try #require(PasswordHash(Self.ofPython))
        let authentication = BasicAuthentication(users: ["ann": slow])
        let clock = ContinuousClock()
        let first = await clock.measure { #expect(await authentication.check(header("ann", "test")) == .granted) }
        let second = await clock.measure { #expect(await authentication.check(header("ann", "test")) == .granted) }
        #expect(second * 5 < first)
    }

    private func file(_ text: String) throws -> String {
        try TemporaryFile.write("web.yml", text)
    }

    @Test func everyPageNeedsThePasswordButTheProbes() async throws {
        let source = SampleSource()
        let path = try file("basic_auth_users:\n  ann: \(Self.hash)\n")
        let header = header("ann", "correct horse")
        try await makeServer(source, file: path).application.test(.live) { client in
            for path in ["/", "/metrics", "/nothing", "/api/v1/databases", "/databases/shop"] {
                let refused = try await client.execute(uri: path, method: .get)
                #expect(refused.status == .unauthorized)
                #expect(refused.headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
                #expect(!String(buffer: refused.body).contains("shop"))
                let answer = try await client.execute(uri: path, method: .get, headers: [.authorization: header])
                #expect(answer.status == (path == "/nothing" ? .notFound : .ok))
            }
            for path in ["/-/healthy", "/-/ready"] {
                #expect(try await client.execute(uri: path, method: .get).status == .ok)
            }
            #expect(try await client.execute(uri: "/-/reload", method: .post).status == .unauthorized)
            let verify = "/api/v1/databases/shop/verify"
            #expect(try await client.execute(uri: verify, method: .post).status == .unauthorized)
            let drill = "/api/v1/databases/shop/drill"
            #expect(try await client.execute(uri: drill, method: .post).status == .unauthorized)
            #expect(source.state.withLock { $0.requested + $0.drilled } == [])
            let authorized: HTTPFields = [.authorization: header]
            #expect(try await client.execute(uri: verify, method: .post, headers: authorized).status == .accepted)
            #expect(try await client.execute(uri: drill, method: .post, headers: authorized).status == .accepted)
            #expect(source.state.withLock { $0.requested } == ["shop"])
            #expect(source.state.withLock { $0.drilled } == ["shop"])
            source.state.withLock { $0.answer = .alreadyUnderWay }
            #expect(try await client.execute(uri: verify, method: .post, headers: authorized).status == .conflict)
            let other = "/api/v1/databases/none/verify"
            #expect(try await client.execute(uri: other, method: .post, headers: authorized).status == .notFound)
        }
    }

    @Test func aBadFileOnReloadKeepsTheLastGoodOne() async throws {
        let path = try file("basic_auth_users:\n  ann: \(Self.hash)\n")
        let security = try WebSecurity(path: path)
        try TemporaryFile.overwrite(path, "basic_auth_users:\n  ann: plain\n")
        #expect(throws: Obstacle.self) { try security.reload() }
        #expect(await security.authentication?.check(header("ann", "correct horse")) == .granted)
        try TemporaryFile.overwrite(path, "basic_auth_users:\n  bob: \(Self.hash)\n")
        try security.reload()
        #expect(await security.authentication?.check(header("ann", "correct horse")) == .denied)
        #expect(await security.authentication?.check(header("bob", "correct horse")) == .granted)
    }

    /// Whoever writes the file anew leaves it empty for a moment.
    @Test(arguments: ["", "# nobody\n", "basic_auth_users: {}\n"])
    func anEmptyFileOnReloadOpensNoDoor(text: String) async throws {
        let path = try file("basic_auth_users:\n  ann: \(Self.hash)\n")
        let security = try WebSecurity(path: path)
        try TemporaryFile.overwrite(path, text)
        #expect(throws: Obstacle.self) { try security.reload() }
        #expect(await security.authentication?.check(header("ann", "correct horse")) == .granted)
        // Passwords may be switched on.
        let open = try WebSecurity(path: path)
        #expect(open.authentication == nil)
        try TemporaryFile.overwrite(path, "basic_auth_users:\n  ann: \(Self.hash)\n")
        try open.reload()
        #expect(await open.authentication?.check(header("ann", "wrong")) == .denied)
    }
}
