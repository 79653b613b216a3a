package import Backups

/// What `backup_label`, or a backup history file in the archive, says of a base backup.
///
/// Lines of `KEY: value`, as `build_backup_content` in PostgreSQL's `src/backend/access/transam/xlogbackup.c` writes them;
/// only the history file has those that begin with `STOP`.
package struct BackupLabel: Sendable, Equatable {
    package var start: WALPosition
    package var startTimeline: UInt32
    /// The segment that the start lies in: with it, the size of the segments is known.
    package var startSegment: WALSegmentName?
    package var stop: WALPosition?
    package var stopTimeline: UInt32?
    package var label: String?
    /// Times are in the server's `log_timezone`: `nil` where its abbreviation may mean several.
    package var startedAt: Timestamp?
    package var stoppedAt: Timestamp?
    /// Taken from a standby: it becomes consistent only where that standby's own log ended.
    package var isFromStandby: Bool
    /// The start of the backup that this one, an incremental one (since PostgreSQL 17), builds upon.
    package var incrementalFrom: WALPosition?

    /// - Returns: `nil` for what is no such file.
    package init?(_ text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            values[line[..<colon]] = value.drop { $0 == " " }
        }
        guard let begin = values["START WAL LOCATION"].flatMap(Self.location),
            let start = WALPosition(begin.position)
        else { return nil }
        self.start = start
        startSegment = WALSegmentName(begin.file)
        startTimeline = values["START TIMELINE"].flatMap { UInt32($0) } ?? startSegment?.timeline ?? 1
        stop = values["STOP WAL LOCATION"].flatMap(Self.location).flatMap { WALPosition($0.position) }
        stopTimeline = values["STOP TIMELINE"].flatMap { UInt32($0) }
        label = values["LABEL"].map(String.init)
        startedAt = values["START TIME"].flatMap { Timestamp($0) }
        stoppedAt = values["STOP TIME"].flatMap { Timestamp($0) }
        isFromStandby = values["BACKUP FROM"] == "standby"
        incrementalFrom = values["INCREMENTAL FROM LSN"].flatMap { WALPosition($0) }
    }

    /// `0/2000028 (file 000000010000000000000002)`.
    private static func location(_ value: Substring) -> (position: Substring, file: Substring)? {
        let parts = value.split(separator: " ")
        guard let position = parts.first else { return nil }
        return (position, parts.count > 2 ? parts[2].prefix { $0 != ")" } : "")
    }
}
