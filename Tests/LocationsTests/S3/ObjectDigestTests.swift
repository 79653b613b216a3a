import Backups
import Integrity
import TestSupport
import Testing

@testable import Locations

/// Bytes that arrive are held against what the store has of the whole of an object, whatever that is.
@Suite struct ObjectDigestTests {
    private static func head(_ headers: [String: String]) -> HTTPHead {
        HTTPHead(status: 200, headers: headers)
    }

    /// The check values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io/crc-catalogue): of `123456789`.
    @Test(
        arguments: [
            ("x-amz-checksum-crc32c", "4waSgw=="), ("x-amz-checksum-crc32", "y/Q5Jg=="),
            ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="), ("etag", "\"25f9e794323b453885f5181f1b624d0b\""),
        ]) func eachKindIsMadeAsTheStoreMakesIt(header: String, value: String) throws
    {
        let digest = try #require(ObjectDigest(Self.head([header: value])))
        for pieces in [["123456789"], ["1", "2345", "6789"], ["12345678", "9"]] {
            let arriving = ArrivingDigest(digest)
            for piece in pieces { Array(piece.utf8).withUnsafeBytes { arriving.update($0) } }
            #expect(arriving.isExpected())
        }
        let other = ArrivingDigest(digest)
        Array("123456780".utf8).withUnsafeBytes { other.update($0) }
        #expect(!other.isExpected())
    }

    @Test func onlyWhatIsOfTheWholeCounts() {
        let sum = "4waSgw=="
        let md5 = "\"25f9e794323b453885f5181f1b624d0b\""
        #expect(ObjectDigest(Self.head([:])) == nil)
        #expect(
            ObjectDigest(Self.head(["x-amz-checksum-crc32c": sum, "x-amz-checksum-type": "FULL_OBJECT"]))?.kind
                == .crc32c)
        for headers in [
            ["x-amz-checksum-crc32c": sum, "x-amz-checksum-type": "COMPOSITE"], ["x-amz-checksum-crc32c": sum + "-2"],
            ["x-amz-checksum-crc32c": "rosUhgp5mIg="], ["x-amz-checksum-crc32c": "?"], ["etag": "\"abc-2\""],
            ["etag": md5, "x-amz-server-side-encryption": "aws:kms"],
            ["etag": "\"+5f9e794323b453885f5181f1b624d0b\""],
        ] { #expect(ObjectDigest(Self.head(headers)) == nil, "\(headers)") }
        #expect(ObjectDigest(Self.head(["etag": md5, "x-amz-checksum-crc32c": sum + "-2"]))?.kind == .md5)
    }

    /// Of a store whose ETags say nothing: what it says beside them is asked for, and counts.
    @Test(arguments: [false, true]) func whatTheStoreSaysOfAnObjectInPartsCounts(isFlipped: Bool) throws {
        let server = try S3Server(S3Server.seesChanges + ["--etag-hash", "SHA1"])
        let bucket = try server.makeBucket()
        let proxy = try FaultProxy(before: server.port)
        let bytes = randomBytes(3_000_000)
        try bucket.put(bytes, "big")
        var sum = CRC64NVME()
        bytes.withUnsafeBytes { sum.update($0) }
        let directory = try TemporaryDirectory()
        try TestFile.write(withUnsafeBytes(of: sum.value.bigEndian) { Array($0) }, to: directory.file("sum"))
        let text = try Tool.run("base64", [directory.file("sum")]).outputText.filter { $0 != "\n" }
        proxy.answer { $0.method == "HEAD" ? .header("x-amz-checksum-crc64nvme: \(text)") : nil }
        if isFlipped { proxy.plan([.flip(at: 2_000_000)]) { $0.method == "GET" && $0.target.hasSuffix("/big") } }
        let location = try KnownLocations(environment: server.environment(endpoint: proxy.endpoint), retry: .quick)
            .location(bucket.address)
        let stored = try location.open("big", cancellation: Cancellation())
        #expect(proxy.requests.contains { $0.headers["x-amz-checksum-mode"] == "ENABLED" })
        // Nobody needs to read it once more.
        #expect(stored.overLine == nil)
        if isFlipped {
            #expect { try stored.bytes() } throws: { ($0 as? Obstacle)?.reason == .transferDamaged }
        } else {
            #expect(try stored.bytes() == bytes)
        }
    }
}
