import Backups
import Verification

/// The data times that manifests tell. Each manifest is read once for as long as its backup stays as it is.
struct ManifestTimes {
    private var times: [BackupIdentity: Timestamp?] = [:]
    private var asked: Set<BackupIdentity> = []

    /// `nil` where the manifest does not tell it, or can't be read: the verification says why.
    mutating func dataTime(of backup: BackupIdentity) -> Timestamp? {
        asked.insert(backup)
        if let known = times[backup] { return known }
        let time = (try? ManifestFile.read(ManifestName.manifest(of: backup.path)))?.snapshotAt
        times[backup] = .some(time)
        return time
    }

    /// Forgets backups that nobody asked for since the last time.
    mutating func forgetOthers() {
        times = times.filter { asked.contains($0.key) }
        asked = []
    }
}
