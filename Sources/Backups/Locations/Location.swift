/// A place where backups lie: a directory, a bucket of object storage, a remote of rclone.
///
/// Every implementation passes one contract suite (`LocationContractTests`). All of it blocks: never call it on the
/// cooperative pool. What goes wrong is an ``Obstacle`` with a hint, and never says anything of a backup: a location
/// that can't be listed is not an empty one. Cancellation ends every wait.
package protocol Location: Sendable {
    /// As people write it, without a slash at its end: `/var/backups`, `s3://bucket/prefix`, `rclone:remote:path`.
    var address: String { get }
    /// The directory of this machine that it is; `nil` for all else.
    var directory: String? { get }
    /// Whether a listing after some path costs only what comes after it, as object storage lists. Elsewhere everything is
    /// looked at each time.
    var resumesListings: Bool { get }

    /// All objects below, in the order of their paths' UTF-8 bytes, as they come: no more than a page of them is held.
    /// - Parameters:
    ///   - start: only objects whose paths come after this one, which need not be there; `nil` for all.
    ///   - visit: what it throws ends the listing.
    func list(
        after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void
    ) throws

    /// What is known of one object; `nil` when it is not there.
    func find(_ path: String, cancellation: Cancellation) throws -> StoredObject?

    /// The bytes of one object, as it is now: readers that meet another version of it throw an ``Obstacle``
    /// (`vanished`,
    /// `changed-while-reading`).
    func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes

    /// Begins an object. One of that name is replaced when it is finished.
    func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter

    /// Removes one object; one that is not there is no error.
    func remove(_ path: String, cancellation: Cancellation) throws

    /// The backups among the objects. Their times are this machine's own only where it wrote them.
    func survey(cancellation: Cancellation) throws -> LocationListing

    /// What writers left unfinished when they were killed, and what they write now, where it can be told from objects.
    /// - Parameter isWanted: by the path that an object would have.
    func unfinished(
        cancellation: Cancellation, where isWanted: (String) -> Bool
    ) throws -> [UnfinishedObject]

    /// Removes what was written of it; one that is not there any more is no error.
    func remove(_ unfinished: UnfinishedObject, cancellation: Cancellation) throws
}

extension Location {
    package var directory: String? { nil }
    package var resumesListings: Bool { false }

    package func survey(cancellation: Cancellation) throws -> LocationListing {
        var backups = ListedBackups(address: address)
        try list(after: nil, cancellation: cancellation) { backups.add($0) }
        return LocationListing(entries: backups.entries, hasOwnTime: false)
    }

    package func unfinished(
        cancellation: Cancellation, where isWanted: (String) -> Bool
    ) throws -> [UnfinishedObject] { [] }

    package func remove(_ unfinished: UnfinishedObject, cancellation: Cancellation) throws {}

    /// All objects, in one array.
    package func objects(after start: String? = nil, cancellation: Cancellation) throws -> [StoredObject] {
        var objects: [StoredObject] = []
        try list(after: start, cancellation: cancellation) { objects.append($0) }
        return objects
    }
}
