import Backups
import Integrity

/// Finds base backups by the two small files that say which WAL they need: `backup_label` in the data directory, and
/// `backup_manifest` there or beside `base.tar`.
package struct BaseBackupSearch: Sendable {
    /// Base backups, the oldest first.
    package var found: [BaseBackup] = []
    /// What could not be read, a sentence each.
    package var problems: [String] = []

    package init(_ source: some WALArchiveSource) throws {
        var notes = ReadNotes<BaseBackup?>()
        try self.init(source, knowing: &notes)
    }

    /// - Parameter notes: what was read from these files before; a manifest has a line for each file of the database.
    init(_ source: some WALArchiveSource, knowing notes: inout ReadNotes<BaseBackup?>) throws {
        var labels: [String: WALArchiveEntry] = [:]
        var manifests: [String: WALArchiveEntry] = [:]
        var controls: [String: WALArchiveEntry] = [:]
        try source.list { entry in
            if let directory = Self.directory(entry.path, "backup_label") { labels[directory] = entry }
            if let directory = Self.directory(entry.path, "backup_manifest") { manifests[directory] = entry }
            if let directory = Self.directory(entry.path, "global/pg_control") { controls[directory] = entry }
        }
        for directory in Set(labels.keys).union(manifests.keys).sorted() {
            let path = directory.isEmpty ? source.name : "\(source.name)/\(directory)"
            do {
                let (label, manifest, control) = (labels[directory], manifests[directory], controls[directory])
                let base = try notes.value(path, from: [label, manifest, control].compactMap { $0 }) {
                    try Self.base(path, source, label, manifest, control)
                }
                if let base { found.append(base) } else { problems.append("\(path) says nowhere which WAL it needs") }
            } catch {
                problems.append("\(path): \(error)")
            }
        }
        found.sort { ($0.start, $0.path) < ($1.start, $1.path) }
    }

    /// `nil` for one that says nowhere which WAL it needs.
    private static func base(
        _ path: String, _ source: some WALArchiveSource, _ label: WALArchiveEntry?, _ manifest: WALArchiveEntry?,
        _ control: WALArchiveEntry?
    ) throws -> BaseBackup? {
        let content = try label.flatMap { BackupLabel(try source.text($0.path, .readable(.none))) }
        let read = try manifest.map { try Self.manifest(source, $0) }
        guard var base = base(path, content, read, writtenAt: manifest?.modified) else { return nil }
        if base.systemIdentifier == nil, let control {
            base.systemIdentifier = try systemIdentifier(source, control)
        }
        return base
    }

    /// The directory of `path`, if its last part is `name`.
    private static func directory(_ path: String, _ name: String) -> String? {
        if path == name { return "" }
        return path.hasSuffix("/\(name)") ? String(path.dropLast(name.count + 1)) : nil
    }

    /// The first eight bytes of a data directory's `global/pg_control` (`ControlFileData` in PostgreSQL's
    /// `src/include/catalog/pg_control.h`).
    private static func systemIdentifier(_ source: some WALArchiveSource, _ control: WALArchiveEntry) throws -> UInt64?
    {
        let bytes = try source.open(control.path).makeReader(at: 0).bytes(8)
        return bytes.count == 8 ? bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } : nil
    }

    private static func manifest(_ source: some WALArchiveSource, _ entry: WALArchiveEntry) throws -> BaseBackupManifest
    {
        let reader = try source.open(entry.path).makeReader(at: 0)
        let bytes = try reader.bytes(Int(min(entry.size, BaseBackupManifest.largest)))
        do {
            return try bytes.withUnsafeBytes { try BaseBackupManifest($0) }
        } catch {
            throw Obstacle(.manifestUnusable, "\(entry.path) is no backup manifest", cause: error)
        }
    }

    /// `pg_basebackup` writes the manifest last: then the backup was consistent already.
    private static func base(
        _ path: String, _ label: BackupLabel?, _ manifest: BaseBackupManifest?, writtenAt: Timestamp?
    ) -> BaseBackup? {
        var ranges = manifest?.walRanges ?? []
        // A cluster that was itself restored keeps that backup's manifest, and copies of its files have it, too.
        if let label, !ranges.contains(where: { $0.start == label.start.bytes }) { ranges = [] }
        guard let timeline = label?.startTimeline ?? ranges.min(by: { $0.start < $1.start })?.timeline,
            let start = label?.start ?? ranges.map(\.start).min().map({ WALPosition(bytes: $0) })
        else { return nil }
        var base = BaseBackup(
            path: path, origin: .location, label: label?.label, timeline: timeline, start: start,
            stop: ranges.map(\.end).max().map { WALPosition(bytes: $0) } ?? label?.stop,
            stopTimeline: ranges.max { $0.end < $1.end }?.timeline ?? label?.stopTimeline, startedAt: label?.startedAt,
            stoppedAt: label?.stoppedAt ?? writtenAt, systemIdentifier: manifest?.systemIdentifier)
        base.startSegment = label?.startSegment
        base.notedStop = label?.stoppedAt
        return base
    }
}
