package import Backups

/// The backups of one database, or why they could not be listed.
package struct BackupList: Sendable {
    package var database: String
    package var location: String
    package var backups: Result<[ListedBackup], Obstacle>

    package init(database: String, location: String, backups: Result<[ListedBackup], Obstacle>) {
        self.database = database
        self.location = location
        self.backups = backups
    }

    /// A table of all: by database, the newest backup first. Ends with a newline.
    package static func text(_ lists: [BackupList], style: TerminalStyle) -> String {
        var table = AlignedTable([.left, .left, .left, .right, .left, .left, .left, .left])
        table.add(["database", "backup", "format", "size", "data as of", "completed", "state", "last verification"])
        var verdicts: [Verdict?] = [nil]
        for list in lists {
            for backup in list.shown {
                table.add(cells(backup))
                verdicts.append(backup.lastRun?.verdict)
            }
            if let remark = list.remark {
                table.add([PrintableText.line(list.database), remark, "", "", "", "", "", ""])
                verdicts.append(nil)
            }
        }
        let lines = table.lines { row, column, text in
            if row == 0 { return style.dim(text) }
            guard column == 7, let verdict = verdicts[row] else { return text }
            return style.verdict(text, verdict)
        }
        return lines.map(\.trimmedEnd).joined(separator: "\n") + "\n"
    }

    /// One object for each backup, on a line of its own; one for a database that has none, or whose location can't be listed.
    package var json: [JSONValue] {
        switch backups {
        case .success([]): [empty(state: "no-backup", problem: nil)]
        case .success: shown.map(\.json)
        case .failure(let obstacle): [empty(state: "unreachable", problem: obstacle)]
        }
    }

    /// The newest first.
    private var shown: [ListedBackup] {
        guard case .success(let backups) = backups else { return [] }
        return backups.sorted { ($1.backup.time, $1.name) < ($0.backup.time, $0.name) }
    }

    /// Instead of backups.
    private var remark: String? {
        switch backups {
        case .success(let backups): backups.isEmpty ? "no backup" : nil
        case .failure: "location can't be listed"
        }
    }

    private static func cells(_ listed: ListedBackup) -> [String] {
        let (backup, run) = (listed.backup, listed.lastRun)
        let verdict = run.map { run in
            let reason = run.verdict == .verified ? "" : run.reason.map { " (\($0))" } ?? ""
            return "\(run.verdict.mark) \(run.verdict.rawValue)\(reason) \(run.finishedAt)"
        }
        return [
            PrintableText.line(listed.database), PrintableText.line(listed.name), listed.content.text,
            Quantity.bytes(backup.identity.sizeBytes), backup.dataAsOf.map { "\($0)" } ?? "-",
            listed.isInProgress ? "-" : "\(backup.completedAt)", listed.state, verdict ?? "-",
        ]
    }

    private func empty(state: String, problem: Obstacle?) -> JSONValue {
        .object([
            .init("version", .integer(1)), .init("database", .string(database)),
            .init("location", .string(location)), .init("state", .string(state)), .init("backup", .null),
            .init("last_verification", .null), .init("reason", .optional(problem?.reason)),
            .init("message", .optional(problem?.message)), .init("hint", .optional(problem?.hint)),
        ])
    }
}

extension ListedBackup {
    fileprivate var json: JSONValue {
        .object([
            .init("version", .integer(1)), .init("database", .string(database)),
            .init("location", .string(location)), .init("state", .string(state)),
            .init(
                "backup",
                .object([
                    .init("name", .string(name)), .init("kind", .string(content.format?.kind ?? "logical")),
                    .init("format", .optional(content.format?.rawValue)),
                    .init("compression", .optional(content.compression?.rawValue)),
                    .init("content", .optional(content.note)),
                    .init("size_bytes", .unsigned(backup.identity.sizeBytes)),
                    .init("data_as_of", .optional(backup.dataAsOf)),
                    .init("completed_at", isInProgress ? .null : .optional(backup.completedAt)),
                    .init("modified_at", .optional(backup.identity.modified)),
                ])),
            .init("last_verification", lastRun?.json ?? .null), .init("reason", .null), .init("message", .null),
            .init("hint", .null),
        ])
    }
}
