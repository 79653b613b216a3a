import Backups
import Locations
import Verification

/// Reads the times that manifests tell, of the backups at one location. Each manifest is read once for as long as its backup
/// stays as it is.
///
/// It belongs to the listing of that location, and blocks as that does: a store that hangs holds up nobody else.
struct ManifestReader: Sendable {
    /// By backup; `nil` for one whose manifest can't be read: the verification says why.
    typealias Times = [BackupIdentity: ManifestTimes?]
    /// - Returns: `nil` where the store is out of reach: it is asked again at the next look.
    typealias Read = @Sendable (BackupIdentity) -> ManifestTimes??

    /// What the last look knew.
    let known: Times
    /// How long reading goes on; one at least is read. What is left is for the next look.
    let limit: Duration
    let read: Read
    /// Whether an entry of the location is somebody's backup.
    let isWanted: @Sendable (LocationEntry) -> Bool

    /// Of the backups of a listing, the newest first.
    func times(in listing: LocationListing) -> Times {
        let end = ContinuousClock.now + limit
        var times: Times = [:]
        var unread: [BackupIdentity] = []
        for entry in listing.entries where entry.hasManifest {
            if let time = known[entry.identity] {
                times[entry.identity] = .some(time)
            } else if isWanted(entry) {
                unread.append(entry.identity)
            }
        }
        for backup in unread.sorted(by: { ($1.modified, $1.path) < ($0.modified, $0.path) }) {
            if let time = read(backup) { times[backup] = .some(time) }
            guard ContinuousClock.now < end else { break }
        }
        return times
    }

    /// From a directory or a store.
    static func stored(_ backup: BackupIdentity) -> ManifestTimes?? {
        let path = ManifestName.manifest(of: backup.path)
        var stored: (any StoredBytes)?
        do {
            let remote = try KnownLocations.ofRounds.remote(path)
            stored = try remote.map { try $0.location.open($0.path, cancellation: Cancellation()) }
        } catch {
            return nil
        }
        let manifest = try? stored.map { bytes in try ManifestFile.read(path) { bytes } } ?? ManifestFile.read(path)
        // What broke off on its way from a store may come whole the next time.
        if manifest == nil, stored != nil { return nil }
        return .some(manifest.map { ManifestTimes(dataAsOf: $0.snapshotAt, completedAt: $0.completedAt) })
    }
}
