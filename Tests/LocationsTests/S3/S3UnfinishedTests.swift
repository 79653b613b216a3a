import Backups
import TestSupport
import Testing

@testable import Locations

/// Uploads that nobody finished: they are told, with when something last came, and removed.
@Suite struct S3UnfinishedTests {
    private func unfinished(
        _ location: any Location, where isWanted: (String) -> Bool = { _ in true }
    ) throws -> [UnfinishedObject] {
        try location.unfinished(cancellation: Cancellation(), where: isWanted)
    }

    @Test func whatIsWrittenIsToldAndRemoved() throws {
        let server = try S3Server.shared()
        let bucket = try server.makeBucket()
        let locations = KnownLocations(environment: server.environment(), retry: .quick)
        let location = try locations.location("\(bucket.address)/p q")
        #expect(try unfinished(location) == [])
        let writers = try ["a+b c.sql", "other"].map { name in
            let writer = try location.makeWriter(name, cancellation: Cancellation())
            try writer.write([UInt8](repeating: 7, count: 17 << 20))
            return writer
        }
        #expect(try Set(unfinished(location).map(\.path)) == ["a+b c.sql", "other"])
        #expect(try unfinished(locations.location("\(bucket.address)/elsewhere")) == [])
        let found = try unfinished(location) { $0.hasPrefix("a") }
        let upload = try #require(found.first)
        #expect(found.count == 1 && abs(upload.touched.seconds(since: .now())) < 600)
        try location.remove(upload, cancellation: Cancellation())
        try location.remove(upload, cancellation: Cancellation())
        #expect(try unfinished(location).map(\.path) == ["other"])
        #expect(throws: Obstacle.self) { try writers[0].finish() }
        try writers[1].finish()
        #expect(try unfinished(location) == [])
        #expect(try location.objects(cancellation: Cancellation()).map(\.path) == ["other"])
    }

    @Test func pagesAreRead() throws {
        let store = try FaultProxy(before: nil)
        store.answer { request in
            let target = request.target
            if target.contains("uploadId=u1") && target.contains("part-number-marker=1") {
                return .answer(
                    status: 200,
                    body: """
                        <ListPartsResult><Bucket>b</Bucket><IsTruncated>false</IsTruncated>
                        <Part><LastModified>2026-11-20T03:00:00.000Z</LastModified></Part></ListPartsResult>
                        """)
            }
            if target.contains("uploadId=u1") {
                return .answer(
                    status: 200,
                    body: """
                        <ListPartsResult><Bucket>b</Bucket><IsTruncated>true</IsTruncated>
                        <NextPartNumberMarker>1</NextPartNumberMarker>
                        <Part><LastModified>2026-11-20T02:00:00.000Z</LastModified></Part></ListPartsResult>
                        """)
            }
            if target.contains("uploadId=u2") {
                return .answer(status: 404, body: "<Error><Code>NoSuchUpload</Code></Error>")
            }
            let isSecond = target.contains("key-marker=p%2Fa%2Bb") && target.contains("upload-id-marker=u1")
            return .answer(
                status: 200,
                body: """
                    <ListMultipartUploadsResult><Bucket>b</Bucket>
                    <IsTruncated>\(!isSecond)</IsTruncated><NextKeyMarker>p/a+b</NextKeyMarker>
                    <NextUploadIdMarker>u1</NextUploadIdMarker>
                    <Upload><Key>\(isSecond ? "p/z" : "p/a+b")</Key><UploadId>\(isSecond ? "u2" : "u1")</UploadId>
                    <Initiator><ID>someone</ID></Initiator><Initiated>2026-11-20T01:00:00.000Z</Initiated></Upload>
                    </ListMultipartUploadsResult>
                    """)
        }
        let location = try KnownLocations(
            environment: try S3Server.shared().environment(endpoint: store.endpoint), retry: .quick
        ).location("s3://bucket/p")
        let found = try unfinished(location)
        #expect(found.map(\.path) == ["a+b", "z"])
        #expect(found.map(\.identifier) == ["u1", "u2"])
        #expect(found.map { "\($0.touched)" } == ["2026-11-20T03:00:00Z", "2026-11-20T01:00:00Z"])
    }

    @Test(arguments: [
        (200, "<html/>"), (200, ""), (200, "<ListMultipartUploadsResult><Bucket>b</Bucket>"),
        (200, "<R><Bucket>b</Bucket><IsTruncated>true</IsTruncated></R>"),
        (200, "<R><Bucket>b</Bucket><Upload><Key>a</Key></Upload></R>"),
        (501, "<Error><Code>NotImplemented</Code></Error>"),
        (403, "<Error><Code>AccessDenied</Code></Error>"),
    ])
    func whatIsNoListingIsNotAnEmptyOne(status: Int, body: String) throws {
        let store = try FaultProxy(before: nil)
        store.answer { _ in .answer(status: status, body: body) }
        let location = try KnownLocations(
            environment: try S3Server.shared().environment(endpoint: store.endpoint), retry: .quick
        ).location("s3://bucket/p")
        #expect(throws: Obstacle.self) { try unfinished(location) }
    }

    @Test(arguments: [
        ("a/.b.sql.partial-1f", "a/b.sql"), (".b.partial-0123456789abcdef", "b"),
        (".b.partial-1.partial-2", "b.partial-1"),
        ("a/b.sql.partial-1f", nil), (".b.sql", nil), (".partial-1f", nil), (".b.partial-", nil),
        (".b.partial-xyz", nil),
    ])
    func namesOfRclonesPartsAreKnown(name: String, path: String?) {
        #expect(RcloneWriter.path(ofPartial: name) == path)
    }

    @Test func whatRcloneLeftIsToldAndRemoved() throws {
        let directory = try TemporaryDirectory()
        let place = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
        let location = try KnownLocations(environment: [
            "PATH": "/\(place)", "HOME": directory.path, "RCLONE_CONFIG": "/dev/null",
            "RCLONE_CONFIG_STORE_TYPE": "local",
        ]).location("rclone:store:\(directory.path)")
        for name in ["shop.sql", ".shop.sql.partial-1f2e", ".notes"] { _ = try directory.write("x", to: name) }
        let found = try unfinished(location)
        #expect(found.map(\.path) == ["shop.sql"])
        for upload in found { try location.remove(upload, cancellation: Cancellation()) }
        #expect(try TestFile.names(in: directory.path).sorted() == [".notes", "shop.sql"])
    }

    /// A store that comes back to where it was is not asked for ever.
    @Test func aListingThatGoesRoundEnds() throws {
        let store = try FaultProxy(before: nil)
        store.answer { request in
            let marker = request.target.contains("key-marker=p%2Fa") ? "p/b" : "p/a"
            return .answer(
                status: 200,
                body: """
                    <ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>true</IsTruncated>
                    <NextKeyMarker>\(marker)</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>
                    </ListMultipartUploadsResult>
                    """)
        }
        let location = try KnownLocations(
            environment: try S3Server.shared().environment(endpoint: store.endpoint), retry: .quick
        ).location("s3://bucket/p")
        let error = #expect(throws: Obstacle.self) { try unfinished(location) }
        #expect(error?.message.contains("goes round") == true)
        #expect(store.requests.count < 10)
    }
}
