import Backups

/// The backup of a request that lies at no path of this machine.
struct RemoteBackup {
    let request: VerificationRequest
    let cancellation: Cancellation

    /// - Returns: `nil` for a path.
    /// - Throws: ``Obstacle`` when it is not there or can't be had.
    func open() throws -> (any StoredBytes)? {
        guard let object = try request.locations.remote(request.backup) else { return nil }
        do {
            return try object.location.open(object.path, cancellation: cancellation)
        } catch {
            guard try holdsDirectoryDump(object) else { throw error }
            throw Obstacle(
                .unsupportedFormat, "\(request.backup) is a directory dump, which is not verified from there",
                hint: "Copy it to a disk first, and verify the copy; or dump with --format custom.")
        }
    }

    private func holdsDirectoryDump(_ object: RemoteObject) throws -> Bool {
        var path = object.path[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        do {
            return try object.location.find("\(path)/toc.dat", cancellation: cancellation) != nil
        } catch is Obstacle {
            // What stood in the way of the object itself is told.
            return false
        }
    }
}
