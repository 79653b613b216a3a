import Backups
import TestSupport
import Testing

@testable import Locations

@Suite struct S3SettingsTests {
    private func settings(_ variables: [String: String]) throws -> S3Settings {
        let environment = AWSEnvironment(["HOME": "/nonexistent"].merging(variables) { _, new in new })
        return try S3Settings(environment, profile: AWSProfile(environment))
    }

    static let urls: [([String: String], String, String)] = [
        ([:], "backups", "https://backups.s3.us-east-1.amazonaws.com/a%20b"),
        (["AWS_REGION": "eu-central-1"], "backups", "https://backups.s3.eu-central-1.amazonaws.com/a%20b"),
        (["AWS_DEFAULT_REGION": "eu-west-3"], "my.dots", "https://s3.eu-west-3.amazonaws.com/my.dots/a%20b"),
        (["AWS_REGION": "cn-north-1"], "backups", "https://backups.s3.cn-north-1.amazonaws.com.cn/a%20b"),
        (["AWS_ENDPOINT_URL": "http://minio:9000/"], "backups", "http://minio:9000/backups/a%20b"),
        (["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://b/s3"], "bucket", "http://b/s3/bucket/a%20b"),
        (
            ["AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "bucket",
            "https://bucket.s3.us-east-1.amazonaws.com/a%20b"
        ),
    ]

    @Test(arguments: urls) func aKeyHasItsAddress(variables: [String: String], bucket: String, url: String) throws {
        #expect(try settings(variables).endpoint(for: bucket).url(bucket, key: "a b") == url)
    }

    @Test func theProfileSaysWhatTheEnvironmentDoesNot() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            # comment
            [default]
            region = us-west-2
            [profile prod]
            region = eu-north-1
            endpoint_url = https://store.example
            ca_bundle = /etc/ca.pem
            s3 =
                addressing_style = virtual
                max_concurrent_requests = 20
            """, to: "config")
        let one = try settings(["AWS_CONFIG_FILE": path])
        #expect(one.region == "us-west-2" && one.customEndpoint == nil)
        let two = try settings(["AWS_CONFIG_FILE": path, "AWS_PROFILE": "prod"])
        #expect(two.region == "eu-north-1" && two.certificates == "/etc/ca.pem")
        #expect(two.endpoint(for: "bucket").url("bucket", key: "k") == "https://bucket.store.example/k")
        #expect(two.endpoint(for: "bucket").url("bucket") == "https://bucket.store.example/")
        let three = try settings([
            "AWS_CONFIG_FILE": path, "AWS_PROFILE": "prod", "AWS_REGION": "x-1", "AWS_CA_BUNDLE": "/y",
        ])
        #expect(three.region == "x-1" && three.certificates == "/y")
        #expect(throws: Obstacle.self) { try settings(["AWS_CONFIG_FILE": path, "AWS_PROFILE": "none"]) }
    }

    /// The forms that the tools of AWS take; what is no comment stays.
    @Test(arguments: [
        ("[profile prod]\nregion = eu-west-1 # prod", "eu-west-1"),
        ("[profile prod]\nregion=eu-west-1\t;prod", "eu-west-1"),
        ("[profile prod] ; ours\nregion = eu-west-1", "eu-west-1"), ("[profile prod]\nregion = eu#west;1", "eu#west;1"),
        ("[profile prod]\n# region = eu-west-1\nregion = eu-west-2", "eu-west-2"),
        ("[profile prod]\nregion = # none", "us-east-1"), ("[profile \"prod\"]\nregion = eu-west-1", "eu-west-1"),
        ("[profile 'prod']\nregion = eu-west-1", "eu-west-1"),
        ("[ profile  \"prod\" ]\nREGION = eu-west-1", "eu-west-1"),
        ("[profile prod]\ns3 = # here\n  use_accelerate = false ; not yet\nregion = eu-west-1 #", "eu-west-1"),
    ])
    func aFileMayHoldRemarksAndQuotes(text: String, region: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text + "\n", to: "config")
        #expect(try settings(["AWS_CONFIG_FILE": path, "AWS_PROFILE": "prod"]).region == region)
    }

    @Test func whatIsQuotedIsTakenAsItStands() {
        let sections = IniFile("[profile \"my  prod\"]\na = \"b\"\n[default]\ns3 =\n  c = d # e\n").sections
        #expect(sections == ["profile my  prod": ["a": "\"b\""], "default": ["s3": "", "s3.c": "d"]])
    }

    @Test func anEndpointWithoutASchemeIsRefused() {
        #expect(throws: Obstacle.self) { try settings(["AWS_ENDPOINT_URL": "minio:9000"]) }
        // Of one with a user and a password only the host is told.
        for endpoint in ["user:hush@minio:9000", "user:hush@minio:9000/path", "ftp://user:hush@minio:9000"] {
            let error = #expect(throws: Obstacle.self) { try settings(["AWS_ENDPOINT_URL": endpoint]) }
            #expect(error?.message.contains("minio:9000") == true && error?.message.contains("hush") == false)
        }
    }

    @Test func pathsAndQueriesAreEncodedAsTheSignatureWants() {
        let endpoint = S3Endpoint(base: "http://h", addressing: .path)
        let query = [(name: "prefix", value: "a/b c+"), (name: "list-type", value: "2"), (name: "uploads", value: "")]
        #expect(
            endpoint.url("b", key: "ä/x=1&y%20+~*", query: query)
                == "http://h/b/%C3%A4/x%3D1%26y%2520%2B~%2A?list-type=2&prefix=a%2Fb%20c%2B&uploads=")
        #expect(PercentEncoding.decode("a%2Fb+c%20%C3%A4%zz%") == "a/b c ä%zz%")
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sat, 1 Feb 2025 00:00:00 GMT", "2025-02-01T00:00:00Z"),
    ]) func datesOfHTTPAreRead(text: String, expected: String) {
        #expect(HTTPDate.parse(text)?.description == expected)
    }

    @Test(arguments: [
        "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 2025 00:00:00 GMT",
    ])
    func otherDatesAreNot(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
