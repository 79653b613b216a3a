import Backups
import Glibc

/// Backups as the command line names them.
enum NamedBackups {
    /// `paths` without the manifests that a pattern like `dir/*` picks up: those of backups that are there.
    ///
    /// Where nothing else is named, a manifest is not passed over: who verifies nothing must not be told that all is well.
    static func withoutManifests(_ paths: [String]) -> [String] {
        let named = Set(paths)
        let backups = paths.filter { path in
            guard ManifestName.isManifest(path) else { return true }
            let backup = String(path.dropLast(ManifestName.suffix.count))
            return !named.contains(backup) && access(backup, F_OK) != 0
        }
        return backups.isEmpty ? paths : backups
    }
}
