package import Backups

/// What `pg_controldata` says of a data directory.
package struct ControlData: Sendable, Equatable {
    package let systemIdentifier: UInt64
    /// `in production`, `shut down`, …
    package let state: String
    /// Where replaying of the last checkpoint begins, and on which timeline.
    package let redo: WALPosition
    package let timeline: UInt32
    /// Of pages: 0 when they carry none.
    package let checksumVersion: UInt32
    package let walSegmentSize: WALSegmentSize
    /// Settings that hold for what the write-ahead log carries: a server that recovers needs as much.
    package let limits: [String: Int]

    /// Lines of `name:   value`, in English (src/bin/pg_controldata/pg_controldata.c).
    /// - Throws: ``Obstacle`` when something is missing.
    package init(_ text: String) throws {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        guard let identifier = fields["Database system identifier"].flatMap({ UInt64($0) }),
            let state = fields["Database cluster state"],
            let checksums = fields["Data page checksum version"].flatMap({ UInt32($0) }),
            let size = fields["Bytes per WAL segment"].flatMap({ UInt64($0) }),
            let walSegmentSize = WALSegmentSize(bytes: size),
            let redo = fields["Latest checkpoint's REDO location"].flatMap({ WALPosition($0) }),
            let timeline = fields["Latest checkpoint's TimeLineID"].flatMap({ UInt32($0) })
        else { throw Obstacle(.serverFailed, "pg_controldata says nothing that can be understood") }
        systemIdentifier = identifier
        self.state = state
        checksumVersion = checksums
        self.walSegmentSize = walSegmentSize
        self.redo = redo
        self.timeline = timeline
        var limits: [String: Int] = [:]
        for (name, field) in Self.names { limits[name] = fields[field].flatMap { Int($0) } }
        self.limits = limits
    }

    private static let names = [
        "max_connections": "max_connections setting", "max_worker_processes": "max_worker_processes setting",
        "max_prepared_transactions": "max_prepared_xacts setting",
        "max_locks_per_transaction": "max_locks_per_xact setting",
    ]
}
