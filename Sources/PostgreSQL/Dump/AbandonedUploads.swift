package import Backups

/// What killed `restorable dump`s left at a location of objects: parts of uploads that nobody sees and that take space
/// until somebody aborts them.
///
/// Nothing there tells a process that was killed from one that lives elsewhere. So an upload is taken for abandoned by
/// its name, which is one that ``DumpRequest/name(database:at:format:)`` makes, and when nothing came of it for a long
/// time.
package struct AbandonedUploads: Sendable {
    /// Longer than pg_dump can be silent: a part is 16 MiB.
    package static let quiet = Duration.seconds(24 * 3600)

    private let location: any Location
    private let quiet: Duration
    private let ownName: String?
    private let now: Timestamp

    /// - Parameter ownName: a name that is taken for ours, too.
    package init(
        _ location: any Location, quiet: Duration = quiet, alsoNamed ownName: String? = nil, now: Timestamp = .now()
    ) {
        (self.location, self.quiet, self.ownName, self.now) = (location, quiet, ownName, now)
    }

    /// - Returns: addresses of what was removed.
    /// - Throws: ``Obstacle`` when they can't be listed or removed.
    package func remove(cancellation: Cancellation) throws -> [String] {
        let found = try location.unfinished(cancellation: cancellation) { $0 == ownName || Self.isOurs($0) }
        return try found.filter { now.seconds(since: $0.touched) >= quiet.totalSeconds }.map { upload in
            try location.remove(upload, cancellation: cancellation)
            return "\(location.address)/\(upload.path) (an upload, last written to at \(upload.touched))"
        }
    }

    /// `shop-20261120-020000.sql.gz`.
    static func isOurs(_ path: String) -> Bool {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let format = DumpRequest.Format.allCases.first(where: { name.hasSuffix($0.suffix) }) else { return false }
        let parts = name.dropLast(format.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, !name.hasPrefix("-") else { return false }
        return zip(parts.suffix(2), [8, 6]).allSatisfy { part, length in
            part.utf8.count == length && part.utf8.allSatisfy { (48...57).contains($0) }
        }
    }
}
