import Glibc
import TestSupport

/// An S3 that is there already: `RESTORABLE_TEST_S3="http://127.0.0.1:38337 ACCESSKEY SECRETKEY"`.
final class StartedStore: Sendable {
    static let fromEnvironment: StartedStore? = {
        let parts =
            getenv("RESTORABLE_TEST_S3").map { String(cString: $0) }?.split(separator: " ").map(String.init) ?? []
        return parts.count == 3 ? StartedStore(parts) : nil
    }()

    private let parts: [String]

    private init(_ parts: [String]) {
        self.parts = parts
    }

    var environment: [String: String] {
        [
            "HOME": "/nonexistent", "AWS_ENDPOINT_URL": parts[0], "AWS_ACCESS_KEY_ID": parts[1],
            "AWS_SECRET_ACCESS_KEY": parts[2],
        ]
    }

    /// Makes a bucket that no other test has.
    /// - Parameter days: with versions, each of which is locked for so many days.
    func makeBucket(lockedFor days: Int? = nil) throws -> String {
        let name = "test-\(UInt64.random(in: 1 ... .max))"
        guard let days else {
            try put(name, ["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD"])
            return name
        }
        try put(
            name, ["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "-H", "x-amz-bucket-object-lock-enabled: true"])
        let rule = """
            <ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
            <Mode>GOVERNANCE</Mode><Days>\(days)</Days></DefaultRetention></Rule></ObjectLockConfiguration>
            """
        let script = "printf %s \"$1\" | openssl dgst -md5 -binary | base64"
        let digest = try Tool.shell(script, [rule]).outputText.split(separator: "\n")[0]
        try put(
            "\(name)?object-lock=",
            ["-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "-H", "Content-MD5: \(digest)", "--data-binary", rule])
        return name
    }

    private func put(_ target: String, _ more: [String]) throws {
        try Tool.run(
            "curl",
            ["-fsS", "-X", "PUT", "--user", "\(parts[1]):\(parts[2])", "--aws-sigv4", "aws:amz:us-east-1:s3"] + more
                + ["\(parts[0])/\(target)"])
    }
}
