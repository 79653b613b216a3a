import Backups
import Locations
import Verification

/// The times that manifests tell. Each manifest is read once for as long as its backup stays as it is.
struct ManifestReader {
    private var times: [BackupIdentity: ManifestTimes?] = [:]
    private var asked: Set<BackupIdentity> = []

    /// `nil` where the manifest can't be read: the verification says why.
    mutating func times(of backup: BackupIdentity) -> ManifestTimes? {
        asked.insert(backup)
        if let known = times[backup] { return known }
        let path = ManifestName.manifest(of: backup.path)
        var stored: (any StoredBytes)?
        do {
            let remote = try KnownLocations.ofRounds.remote(path)
            stored = try remote.map { try $0.location.open($0.path, cancellation: Cancellation()) }
        } catch {
            // The store is out of reach: it is asked again at the next look.
            return nil
        }
        let manifest = try? stored.map { bytes in try ManifestFile.read(path) { bytes } } ?? ManifestFile.read(path)
        let read = manifest.map { ManifestTimes(dataAsOf: $0.snapshotAt, completedAt: $0.completedAt) }
        times[backup] = .some(read)
        return read
    }

    /// Forgets backups that nobody asked for since the last time.
    mutating func forgetOthers() {
        times = times.filter { asked.contains($0.key) }
        asked = []
    }
}
