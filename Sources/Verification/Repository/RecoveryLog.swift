import Backups
import Integrity
import PostgreSQL

/// Where a recovery takes the write-ahead log from: an archive that is read here, or one that a backup tool hands out.
enum RecoveryLog {
    case archive(any WALArchiveSource)
    case repository(any RepositoryArchive)

    /// - Parameter base: the backup that is recovered, where it lies in a repository.
    init(
        _ address: String, base: RepositoryBase?, _ locations: any LocationFinder, _ cancellation: Cancellation
    ) throws {
        guard let repository = RepositoryAddress(address) else {
            self = .archive(try locations.archive(address).ended(by: cancellation))
            return
        }
        // Its own archive is the one of the cluster that the backup is of.
        if let base, base.repository.address == repository.repository {
            self = .repository(try base.repository.archive(for: base.backup, cancellation))
        } else {
            self = .repository(try repository.open(in: locations).archive(for: nil, cancellation))
        }
    }

    /// What it holds now.
    /// - Throws: ``Obstacle`` when it can't be listed.
    func archived(_ cancellation: Cancellation) throws -> ArchivedSegments {
        switch self {
        case .archive(let archive): try ArchivedSegments(archive)
        case .repository(let archive):
            try archive.source.map { try ArchivedSegments($0.ended(by: cancellation)) } ?? .unlisted
        }
    }

    /// Hands its files to the server in `scratch`.
    /// - Parameter grace: what was stored within it may still be written.
    func supply(
        _ archived: ArchivedSegments, to scratch: PreparedScratch, grace: Duration, _ cancellation: Cancellation
    ) -> Recovery.SupplyMaker {
        { files, control in
            switch self {
            case .archive(let archive):
                var options = WALSupply.Options()
                options.systemIdentifier = control.systemIdentifier
                options.grace = grace
                let supply = try WALSupply(
                    archive, cacheDirectory: files, options: options, listing: archived.listing,
                    cancellation: cancellation)
                return { try supply.file($0) }
            case .repository(let archive):
                let supply = try ToolSupply(
                    archive, archived: archived, files: files, control: control,
                    cluster: ControlCopy.make(of: scratch.directory.data, in: RepositoryBase.work(scratch)),
                    grace: grace, cancellation: cancellation)
                return { name in
                    do {
                        return try supply.file(name)
                    } catch {
                        try cancellation.check()
                        try scratch.expectRoom()
                        throw error
                    }
                }
            }
        }
    }
}
