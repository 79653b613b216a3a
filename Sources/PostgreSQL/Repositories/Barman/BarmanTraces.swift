import Backups
import Glibc

/// What `barman recover` changed of a data directory, taken back: then it is what was backed up, and can be held against the
/// manifest that `pg_basebackup` wrote with it.
struct BarmanTraces {
    let data: String
    let label: String

    /// - Throws: ``Obstacle`` when a file can't be put back.
    func remove() throws {
        for name in [".barman-recover.info", "recovery.signal"] where unlink("\(data)/\(name)") != 0 && errno != ENOENT
        {
            throw DirectoryTree.obstacle("removed", "\(data)/\(name)")
        }
        // Settings that would be dangerous are taken out of these (`_analyse_temporary_config_files` of
        // barman/recovery_executor.py).
        for name in DirectoryTree.names(in: data) where name.hasSuffix(".origin") {
            try move(name, to: String(name.dropLast(".origin".count)))
        }
        let manifest = "backup_manifest.\(label)"
        if DirectoryTree.status("\(data)/\(manifest)") != nil { try move(manifest, to: "backup_manifest") }
    }

    private func move(_ name: String, to other: String) throws {
        guard rename("\(data)/\(name)", "\(data)/\(other)") == 0 else {
            throw DirectoryTree.obstacle("put back", "\(data)/\(name)")
        }
    }
}
