/// Leads from an address, as people write it, to the location that holds it.
package protocol LocationFinder: Sendable {
    /// The location that `address` names, as `s3://bucket/prefix` or `/var/backups`.
    /// - Throws: ``Obstacle`` for an address that nothing can lie at.
    func location(_ address: String) throws -> any Location

    /// One thing stored at a location that is no directory of this machine; `nil` for a path.
    /// - Throws: ``Obstacle`` for an address that nothing can lie at.
    func remote(_ address: String) throws -> RemoteObject?

    /// The commands of a tool that is not known here, from the file that an address names.
    /// - Throws: ``Obstacle`` for a file that can't be read, or says nothing that can be used.
    func commands(at path: String) throws -> RepositoryCommands
}

/// One object, by where it lies.
package struct RemoteObject: Sendable {
    package let location: any Location
    /// Relative to the location.
    package let path: String

    package init(location: any Location, path: String) {
        self.location = location
        self.path = path
    }
}

/// Knows paths of this machine alone.
package struct LocalOnly: LocationFinder {
    package init() {}

    package func location(_ address: String) throws -> any Location {
        throw Obstacle(.unreadable, "\(address) can't be reached from here")
    }

    package func remote(_ address: String) -> RemoteObject? { nil }

    package func commands(at path: String) throws -> RepositoryCommands {
        throw Obstacle(.unreadable, "\(path) can't be read from here")
    }
}
