import Backups
import TestSupport
import Testing

@testable import Locations

/// An upload in parts whose last request meets trouble: what was joined is not reported as lost, and what was not joined not
/// as stored.
@Suite struct S3UploadFaultTests {
    private static let bytes = randomBytes(17 << 20)
    private static let isCompletion: @Sendable (FaultProxy.Request) -> Bool = {
        $0.method == "POST" && $0.target.contains("uploadId=")
    }
    private static let internalError = FaultProxy.Fault.answer(
        status: 200, body: "<?xml version=\"1.0\"?>\n  <Error><Code>InternalError</Code><Message>Try</Message></Error>")
    private static let forgotten = FaultProxy.Fault.answer(
        status: 404, body: "<Error><Code>NoSuchUpload</Code><Message>Gone</Message></Error>")

    private let bucket: S3Bucket
    private let proxy: FaultProxy

    init() throws {
        let server = try S3Server.shared()
        bucket = try server.makeBucket()
        proxy = try FaultProxy(before: server.port)
    }

    private func upload() throws {
        let environment = try S3Server.shared().environment(endpoint: proxy.endpoint)
        let location = try KnownLocations(environment: environment, retry: .quick).location(bucket.address)
        let writer = try location.makeWriter("big", cancellation: Cancellation())
        try writer.write(Self.bytes)
        try writer.finish()
    }

    private var stored: [UInt8]? { try? TestFile.read(bucket.path("big")) }

    static let passing: [(String, [FaultProxy.Fault])] = [
        ("nothing", []), ("the answer is lost", [.cut(after: 0)]),
        ("the answer is cut, and the store busy", [.cut(after: 20), .answer(status: 503, body: "")]),
        ("an error after 200", [internalError]),
        (
            "an answer that says nothing",
            [.answer(status: 200, body: "\n\n"), .answer(status: 200, body: "<html></html>")]
        ),
    ]

    @Test(arguments: passing) func whatWasJoinedIsStored(name: String, faults: [FaultProxy.Fault]) throws {
        proxy.plan(faults, where: Self.isCompletion)
        try upload()
        #expect(stored == Self.bytes)
        #expect(proxy.requests.filter(Self.isCompletion).count == faults.count + 1)
    }

    static let failing: [(String, FaultProxy.Fault)] = [
        ("forgotten", forgotten), ("an error after 200, again and again", internalError),
        ("never an answer that says so", .answer(status: 200, body: "")),
    ]

    @Test(arguments: failing, [false, true])
    func whatWasNotJoinedIsNotStored(failing: (name: String, fault: FaultProxy.Fault), isTaken: Bool) throws {
        let other = randomBytes(Self.bytes.count, seed: 2)
        if isTaken {
            try bucket.put(other, "big")
            try Tool.run("touch", ["-d", "1 hour ago", bucket.path("big")])
        }
        proxy.answer { Self.isCompletion($0) ? failing.fault : nil }
        #expect(throws: Obstacle.self) { try upload() }
        #expect(stored == (isTaken ? other : nil))
    }

    /// The tag of what lies there tells whose it is, where it is made of the tags of parts.
    @Test(arguments: [false, true]) func theTagTellsWhoseItIs(isOurs: Bool) throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("big")
        try TestFile.write(Self.bytes, to: file)
        let digest = try Tool.shell(
            #"(head -c 16777216 "$1" | openssl md5 -binary; tail -c +16777217 "$1" | openssl md5 -binary) | md5sum"#,
            [file])
        let tag = isOurs ? "\(digest.outputText.prefix(32))-2" : "00112233445566778899aabbccddeeff-2"
        let size = String(repeating: "x", count: Self.bytes.count)
        // An hour old by its own clock, and of a day to come.
        let date = isOurs ? "Sun, 06 Nov 1994 08:49:37 GMT" : "Sun, 06 Nov 2094 08:49:37 GMT"
        proxy.answer { request in
            if Self.isCompletion(request) { return Self.forgotten }
            guard request.method == "HEAD" else { return nil }
            return .answer(status: 200, body: size, headers: ["ETag: \"\(tag)\"", "Last-Modified: \(date)"])
        }
        guard isOurs else {
            #expect(throws: Obstacle.self) { try upload() }
            return
        }
        try upload()
    }
}
