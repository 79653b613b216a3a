import Backups
import TestSupport
import Testing

@testable import Locations

/// A location of each kind, fresh and empty, for the contract suite.
enum LocationImplementation: String, CaseIterable, CustomTestStringConvertible {
    case directory, s3, rclone

    var testDescription: String { rawValue }

    func makePlace() throws -> ContractPlace {
        switch self {
        case .directory:
            let directory = try TemporaryDirectory()
            return ContractPlace(
                location: DirectoryLocation(directory.path),
                missing: DirectoryLocation(directory.file("nowhere")), directory: directory.path, keeps: directory)
        case .s3:
            let server = try S3Server.shared()
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
        }
    }
}

struct ContractPlace {
    let location: any Location
    /// Of the same kind, and not there.
    let missing: any Location
    /// Where its objects lie as files, so that a test can do what somebody else might.
    let directory: String
    let keeps: any AnyObject & Sendable

    func put(_ bytes: [UInt8], _ path: String) throws {
        let writer = try location.makeWriter(path, cancellation: Cancellation())
        try writer.write(bytes)
        try writer.finish()
    }

    func read(_ path: String, from offset: UInt64 = 0) throws -> [UInt8] {
        try location.open(path, cancellation: Cancellation()).bytes(from: offset)
    }

    func paths(after start: String? = nil) throws -> [String] {
        try location.objects(after: start, cancellation: Cancellation()).map(\.path)
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
