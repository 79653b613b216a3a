import Backups
import Glibc
import Settings

/// The backups of a configured database, in its directory.
struct ConfiguredBackups {
    struct Found {
        let path: String
        /// From the pattern of its name.
        let namedTime: Timestamp?
        let modified: Timestamp
    }

    private let settings: DatabaseSettings

    init(_ settings: DatabaseSettings) {
        self.settings = settings
    }

    /// The oldest first: by the time in their names, else by the time they were written.
    /// - Throws: ``Obstacle`` when the directory can't be read.
    func find() throws -> [Found] {
        let location = settings.backups.location
        guard let directory = opendir(location) else {
            throw Obstacle(
                .unreadable, "\(location) can't be read: \(String(cString: strerror(errno)))",
                hint: "Check backups.location of \(settings.name), and who may read it.")
        }
        defer { closedir(directory) }
        var found: [Found] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let backup = candidate(name, in: location) { found.append(backup) }
        }
        return found.sorted { ($0.namedTime ?? $0.modified, $0.path) < ($1.namedTime ?? $1.modified, $1.path) }
    }

    private func candidate(_ name: String, in location: String) -> Found? {
        guard !name.hasPrefix("."), !ManifestName.isManifest(name), name != settings.backups.globals else { return nil }
        let match = settings.backups.match?.match(name) ?? (isMatch: true, time: nil)
        var status = stat()
        let path = location.hasSuffix("/") ? location + name : "\(location)/\(name)"
        guard match.isMatch, stat(path, &status) == 0 else { return nil }
        // Without a pattern only files are taken: a directory may be anything.
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || (kind == S_IFDIR && settings.backups.match != nil) else { return nil }
        return Found(path: path, namedTime: match.time, modified: Timestamp(status.st_mtim))
    }

    /// Nothing where a backup is due: that is a failure.
    func noBackup() -> VerificationReport {
        let pattern = settings.backups.match.map { " that matches \($0.text)" } ?? ""
        return report(
            .failed(
                "backup", in: .fetch, .noBackup, "there is no backup\(pattern) in \(settings.backups.location)",
                hint: "Look at the job that makes the backups, and at backups.match."))
    }

    func unreadable(_ obstacle: Obstacle) -> VerificationReport {
        report(.inconclusive("backup", in: .fetch, obstacle))
    }

    private func report(_ check: Check) -> VerificationReport {
        var evidence = Evidence(planned: [])
        evidence.checks = [check]
        let now = Timestamp.now()
        return VerificationReport(
            database: settings.name, backup: BackupFacts(location: settings.backups.location, name: settings.name),
            conclusion: evidence.conclude(), checks: [check], startedAt: now, finishedAt: now)
    }
}
