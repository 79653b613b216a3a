import Glibc

/// `rclone serve s3` on loopback, over a directory of its own: an S3 that checks signatures. Its buckets are
/// directories, its objects files. It ends with the process, also after `kill -9`.
package final class S3Server: Sendable {
    package static let accessKey = "AKIDTEST"
    package static let secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    package let port: UInt16
    package let endpoint: String
    private let directory: TemporaryDirectory
    private let watchman: Watchman
    private let isPathStyle: Bool

    /// One for all tests of the process, which make buckets of their own.
    package static func shared() throws -> S3Server { try server.get() }
    private static let server: Result<S3Server, any Error> = Result { try S3Server(seesChanges) }

    /// What a test does to the files is seen after ``memory``. Never 0: for each directory rclone would spin.
    package static let seesChanges = ["--dir-cache-time", "5ms"]
    /// How long the server remembers what was in a directory, and some: microseconds.
    package static let memory: UInt32 = 20_000

    /// - Parameters:
    ///   - scheme: `https` with a certificate in `arguments`.
    ///   - arguments: more for `rclone serve s3`.
    package init(scheme: String = "http", _ arguments: [String]) throws {
        directory = try TemporaryDirectory()
        port = try FreePort.find()
        endpoint = "\(scheme)://127.0.0.1:\(port)"
        isPathStyle = !arguments.contains("--force-path-style=false")
        let log = try Descriptor.open(directory.file("log"), O_WRONLY | O_CREAT | O_TRUNC)
        try Tool.run("mkdir", [directory.file("data"), directory.file("cache")])
        watchman = try Watchman(
            script: """
                program=$1 port=$2 key=$3 place=$4
                shift 4
                "$program" serve s3 --config /dev/null --addr "127.0.0.1:$port" --auth-key "$key" --vfs-cache-mode off \\
                    --cache-dir "$place/cache" "$@" "$place/data" </dev/null &
                child=$!
                cat >/dev/null
                kill -9 "$child"
                """,
            [try Self.program(), "\(port)", "\(Self.accessKey),\(Self.secretKey)", directory.path] + arguments,
            output: log)
        try waitUntilUp()
    }

    /// rclone, from where `scripts/setup` puts it.
    /// - Throws: ``TestFailure`` with what to do when it is not there.
    package static func program() throws -> String {
        let place = getenv("RESTORABLE_TEST_RCLONE").map { String(cString: $0) } ?? "/opt/restorable-test/rclone"
        let path = "\(place)/bin/rclone"
        guard access(path, X_OK) == 0 else { throw TestFailure("\(path) is not there: run scripts/setup") }
        return path
    }

    /// The environment that leads to it, and to nothing of the machine's own.
    package func environment(endpoint: String? = nil) -> [String: String] {
        [
            "HOME": "/nonexistent", "AWS_ENDPOINT_URL": endpoint ?? self.endpoint, "AWS_ACCESS_KEY_ID": Self.accessKey,
            "AWS_SECRET_ACCESS_KEY": Self.secretKey, "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    /// Makes a bucket that no other test has.
    package func makeBucket() throws -> S3Bucket {
        let name = "test-\(UInt64.random(in: 1 ... .max))"
        try Tool.run("mkdir", [directory.file("data/\(name)")])
        try waitUntilSeen(name)
        return S3Bucket(name: name, directory: directory.file("data/\(name)"))
    }

    /// On a busy machine the server may list its buckets for longer than it remembers them.
    private func waitUntilSeen(_ bucket: String) throws {
        guard isPathStyle else {
            usleep(Self.memory)
            return
        }
        let deadline = ContinuousClock.now + .seconds(60)
        let request = [
            "-s", "-k", "-I", "-o", "/dev/null", "-w", "%{http_code}", "--user", "\(Self.accessKey):\(Self.secretKey)",
            "--aws-sigv4", "aws:amz:us-east-1:s3", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD",
            "\(endpoint)/\(bucket)",
        ]
        while try Tool.attempt("curl", request).outputText != "200" {
            guard ContinuousClock.now < deadline else { throw TestFailure("rclone does not see \(bucket)") }
            usleep(5000)
        }
    }

    private func waitUntilUp() throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !Loopback.answers(port) {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("rclone does not serve: \(try TestFile.text(directory.file("log")))")
            }
            usleep(20_000)
        }
    }
}

/// A bucket of an ``S3Server``, with the directory that holds its objects.
package struct S3Bucket: Sendable {
    package let name: String
    package let directory: String

    package init(name: String, directory: String) {
        self.name = name
        self.directory = directory
    }

    package var address: String { "s3://\(name)" }

    package func path(_ key: String) -> String { "\(directory)/\(key)" }

    /// Writes an object, as somebody else would.
    package func put(_ bytes: [UInt8], _ key: String) throws {
        if let slash = key.lastIndex(of: "/") { try Tool.run("mkdir", ["-p", path(String(key[..<slash]))]) }
        try TestFile.write(bytes, to: path(key))
        usleep(S3Server.memory)
    }
}
