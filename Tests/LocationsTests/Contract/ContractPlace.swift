import Backups
import Glibc
import TestSupport
import Testing

@testable import Locations

/// A location of each kind, fresh and empty, for the contract suite.
enum LocationImplementation: String, CaseIterable, CustomTestStringConvertible {
    case directory, s3, rclone
    /// An S3 that somebody started, as Ceph's: `RESTORABLE_TEST_S3="http://127.0.0.1:38337 ACCESSKEY SECRETKEY"`.
    case otherS3

    static let allCases: [LocationImplementation] =
        [.directory, .s3, .rclone] + (StartedStore.fromEnvironment == nil ? [] : [.otherS3])

    var testDescription: String { rawValue }

    /// - Parameter isLarge: for many objects, which nobody changes behind the back of the server.
    func makePlace(isLarge: Bool = false) throws -> ContractPlace {
        switch self {
        case .directory:
            let directory = try TemporaryDirectory()
            return ContractPlace(
                location: DirectoryLocation(directory.path),
                missing: DirectoryLocation(directory.file("nowhere")), directory: directory.path, keeps: directory)
        case .s3:
            let server = try isLarge ? S3Server([]) : S3Server.shared()
            let bucket = try server.makeBucket()
            let locations = KnownLocations(environment: server.environment(), retry: .quick)
            return ContractPlace(
                location: try locations.location("\(bucket.address)/pre fix+/"),
                missing: try locations.location("s3://no-such-bucket-at-all/x"), directory: bucket.path("pre fix+"),
                keeps: server)
        case .rclone:
            let directory = try TemporaryDirectory()
            let place = try S3Server.program().split(separator: "/").dropLast().joined(separator: "/")
            let locations = KnownLocations(environment: [
                "PATH": "/\(place)", "HOME": directory.path, "RCLONE_CONFIG": "/dev/null",
                "RCLONE_CONFIG_STORE_TYPE": "local",
            ])
            return ContractPlace(
                location: try locations.location("rclone:store:\(directory.path)/"),
                missing: try locations.location("rclone:store:\(directory.path)/nowhere"), directory: directory.path,
                keeps: directory)
        case .otherS3:
            guard let store = StartedStore.fromEnvironment else { throw TestFailure("RESTORABLE_TEST_S3 is not set") }
            let bucket = try store.makeBucket()
            let locations = KnownLocations(environment: store.environment, retry: .quick)
            return ContractPlace(
                location: try locations.location("s3://\(bucket)/pre fix+/"),
                missing: try locations.location("s3://no-such-bucket-at-all/x"), directory: nil, keeps: store)
        }
    }
}

struct ContractPlace {
    let location: any Location
    /// Of the same kind, and not there.
    let missing: any Location
    /// Where its objects lie as files, where they do.
    let directory: String?
    let keeps: any AnyObject & Sendable

    /// Makes an object as somebody else would: as a file, where objects are files.
    func put(_ bytes: [UInt8], _ path: String) throws {
        guard let directory else { return try store(bytes, path) }
        let parents = path.split(separator: "/").dropLast().joined(separator: "/")
        try Tool.run("mkdir", ["-p", "\(directory)/\(parents)"])
        // Renamed into place, as whoever replaces a file should do it.
        try TestFile.write(bytes, to: "\(directory)/.new")
        try Tool.run("mv", ["-T", "\(directory)/.new", "\(directory)/\(path)"])
        usleep(S3Server.memory)
    }

    /// Makes an object through the location.
    func store(_ bytes: [UInt8], _ path: String) throws {
        let writer = try location.makeWriter(path, cancellation: Cancellation())
        try writer.write(bytes)
        try writer.finish()
    }

    /// Makes empty objects, as quickly as may be.
    func touch(_ paths: [String]) throws {
        guard let directory else { return try paths.forEach { try put([], $0) } }
        let script = #"cd "$1" && xargs touch"#
        let temporary = try TemporaryDirectory()
        try Tool.run("mkdir", ["-p", directory])
        let list = try temporary.write(paths.joined(separator: "\n"), to: "list")
        try Tool.run("/bin/sh", ["-c", script, "sh", directory], input: list)
        withExtendedLifetime(temporary) {}
    }

    func read(_ path: String, from offset: UInt64 = 0) throws -> [UInt8] {
        try location.open(path, cancellation: Cancellation()).bytes(from: offset)
    }

    func paths(after start: String? = nil) throws -> [String] {
        try location.objects(after: start, cancellation: Cancellation()).map(\.path)
    }

    /// What writers write, or left, that is no object yet.
    func unfinished() throws -> [String] {
        try location.unfinished(cancellation: Cancellation()) { _ in true }.map(\.path)
    }
}

extension StoredBytes {
    /// Everything from `offset` on.
    func bytes(from offset: UInt64 = 0) throws -> [UInt8] {
        try makeReader(at: offset).rest()
    }
}

extension ByteReader {
    /// Everything that is left.
    func rest(piece: Int = 100_000) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: piece)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

extension RetryPolicy {
    /// Waits for nothing.
    static var quick: RetryPolicy {
        var policy = RetryPolicy()
        policy.pause = { _, cancellation in try cancellation.check() }
        return policy
    }
}

/// The same bytes for the same seed.
func randomBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
}
