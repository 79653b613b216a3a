import Backups
import Integrity

/// A backup that is written straight to a location, without a copy on a disk: it is there when all of it is.
///
/// `@unchecked Sendable`: one thread at a time. The thread that runs pg_dump has ended, and was waited for, before any
/// other thread calls ``seal(_:)`` or ``publish(_:)``.
final class UploadedBackup: DumpTarget, @unchecked Sendable {
    private let location: any Location
    private let name: String
    private let writer: any ObjectWriter
    private let digest: SHA256
    private let cancellation: Cancellation
    private var size: UInt64 = 0
    private var isPublished = false

    /// - Throws: ``Obstacle`` when something of the final names is already there, or nothing can be written.
    init(location: any Location, name: String, cancellation: Cancellation) throws {
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !ManifestName.isManifest(name) else {
            throw Obstacle(
                .unreadable, "\(name) is no name for a backup",
                hint: "Give a plain name; a directory ends with a slash.")
        }
        (self.location, self.name, self.cancellation) = (location, name, cancellation)
        digest = try SHA256()
        try Self.checkFree(location, name, cancellation)
        // Where it can't be done, for lack of the right to list uploads say, a backup can be written all the same, and
        // `restorable gc` tells why.
        _ = try? AbandonedUploads(location, alsoNamed: name).remove(cancellation: cancellation)
        writer = try location.makeWriter(name, cancellation: cancellation)
    }

    deinit {
        if !isPublished { writer.abandon() }
    }

    var output: DumpOutput { .stream { [unowned self] bytes in try take(bytes) } }

    private func take(_ bytes: UnsafeRawBufferPointer) throws {
        try digest.update(bytes)
        size += UInt64(bytes.count)
        try writer.write(bytes)
    }

    func seal(_ cancellation: Cancellation) throws -> BackupDigest {
        BackupDigest(size: size, sha256: try digest.finish())
    }

    /// The manifest first, as ``PartialBackup`` does it.
    func publish(_ manifest: Manifest) throws {
        try Self.checkFree(location, name, cancellation)
        let manifestName = ManifestName.manifest(of: name)
        let paper = try location.makeWriter(manifestName, cancellation: cancellation)
        try paper.write(try manifest.jsonBytes())
        try paper.finish()
        do {
            try writer.finish()
        } catch {
            // Also when the work was cancelled. A manifest alone is never taken for a backup.
            try? location.remove(manifestName, cancellation: Cancellation())
            throw error
        }
        isPublished = true
    }

    private static func checkFree(_ location: any Location, _ name: String, _ cancellation: Cancellation) throws {
        for taken in [name, ManifestName.manifest(of: name)] {
            guard try location.find(taken, cancellation: cancellation) != nil else { continue }
            throw Obstacle(
                .unreadable, "\(taken) is already in \(location.address)",
                hint: "Backups are never overwritten: remove it, or choose another name.")
        }
    }
}
