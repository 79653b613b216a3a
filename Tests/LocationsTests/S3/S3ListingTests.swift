import Backups
import TestSupport
import Testing

@testable import Locations

/// A listing proves what is not there: it is believed only where it goes on in order, and to its end.
@Suite struct S3ListingTests {
    struct Page: Sendable {
        var keys: [String]
        var isTruncated: Bool?
        var token: String?

        var body: String {
            let truncated = isTruncated.map { "<IsTruncated>\($0)</IsTruncated>" } ?? ""
            let next = token.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
            let contents = keys.map {
                "<Contents><Key>\($0)</Key><Size>1</Size><LastModified>2026-11-20T02:00:00.000Z</LastModified></Contents>"
            }
            return "<ListBucketResult><Name>bucket</Name>\(truncated)\(next)\(contents.joined())</ListBucketResult>"
        }
    }

    private func paths(_ pages: [Page], after start: String? = nil) throws -> [String] {
        let proxy = try FaultProxy(before: nil)
        proxy.answer { request in
            // Its token is the number of the page.
            let number = request.target.firstMatch(of: /continuation-token=([0-9]+)/).flatMap { Int($0.1) } ?? 0
            return .answer(status: 200, body: pages[min(number, pages.count - 1)].body)
        }
        defer { withExtendedLifetime(proxy) {} }
        let environment = [
            "HOME": "/nonexistent", "AWS_ENDPOINT_URL": proxy.endpoint, "AWS_NO_SIGN_REQUEST": "true",
        ]
        let location = try KnownLocations(environment: environment, retry: .quick).location("s3://bucket/wal")
        var paths: [String] = []
        try location.list(after: start, cancellation: Cancellation()) { object in
            paths.append(object.path)
            // One that goes round would not end by itself.
            if paths.count > 20 { throw TestFailure("the listing does not end") }
        }
        return paths
    }

    @Test func pagesFollowEachOther() throws {
        let pages = [
            Page(keys: ["wal/a", "wal/b"], isTruncated: true, token: "1"),
            Page(keys: ["wal/b/c", "wal/c", "wal/ä"], isTruncated: true, token: "2"),
            Page(keys: [], isTruncated: false),
        ]
        #expect(try paths(pages) == ["a", "b", "b/c", "c", "ä"])
        #expect(try paths([Page(keys: ["wal/b"], isTruncated: false)], after: "a") == ["b"])
        #expect(try paths([Page(keys: ["wal/a", "wal/b"])]) == ["a", "b"])
    }

    static let bad: [(String, [Page], String?)] = [
        ("out of order", [Page(keys: ["wal/b", "wal/a"], isTruncated: false)], nil),
        ("a key twice", [Page(keys: ["wal/a", "wal/a"], isTruncated: false)], nil),
        (
            "a page that goes back",
            [Page(keys: ["wal/b"], isTruncated: true, token: "1"), Page(keys: ["wal/a"], isTruncated: false)], nil
        ),
        ("what was not asked for", [Page(keys: ["wal/a", "wal/c"], isTruncated: false)], "b"),
        ("the start itself", [Page(keys: ["wal/b", "wal/c"], isTruncated: false)], "b"),
        ("a token, and not a word of more", [Page(keys: ["wal/a"], token: "1"), Page(keys: ["wal/b"])], nil),
        (
            "the same token again",
            [
                Page(keys: ["wal/a"], isTruncated: true, token: "1"),
                Page(keys: ["wal/b"], isTruncated: true, token: "2"),
                Page(keys: ["wal/c"], isTruncated: true, token: "1"),
            ], nil
        ),
    ]

    @Test(arguments: bad) func whatCanNotBeBelievedIsNoListing(name: String, pages: [Page], start: String?) throws {
        let error = #expect(throws: Obstacle.self) { try paths(pages, after: start) }
        #expect(error?.reason == .connectionFailed && error?.message.contains("listing") == true, "\(name)")
    }
}
