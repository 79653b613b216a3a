extension WALArchiveReport {
    /// What `restorable wal --json` prints. The shape is a contract: keys are added, never changed.
    package var json: JSONValue {
        .object([
            .init("version", .integer(1)), .init("location", .string(location)),
            .init("verdict", .string(verdict.rawValue)), .init("reason", .optional(decisive?.reason)),
            .init("message", .optional((decisive ?? checks.first)?.message)),
            .init("hint", .optional(decisive?.hint)),
            .init("postgresql_major", major.map { .integer(Int64($0)) } ?? .null),
            // A string: it does not fit a number of JavaScript's.
            .init("system_identifier", .optional(systemIdentifier.map { String($0) })),
            .init("segment_size_bytes", .optional(segmentSizeBytes)),
            .init(
                "files",
                .object([
                    .init("segments", .unsigned(files.segments)), .init("partial", .unsigned(files.partials)),
                    .init("history", .unsigned(files.histories)), .init("backup", .unsigned(files.backups)),
                    .init("unknown", .unsigned(files.unknown)), .init("duplicates", .unsigned(files.duplicates)),
                ])),
            .init("timelines", .array(timelines.map(\.json))),
            .init("rival_timelines", .array(rivalTimelines.map { .unsigned(UInt64($0)) })),
            .init("bases", .array(bases.map(\.json))),
            .init(
                "window",
                .object([
                    .init("start", .optional(window.start)), .init("end", .optional(window.end)),
                    .init("unknown", .optional(window.unknown)),
                ])),
            .init("checks", .array(checks.map(\.json))),
            .init(
                "seconds",
                .object([
                    .init("listing", .number(seconds.listing)), .init("analysis", .number(seconds.analysis)),
                    .init("first_pages", .number(seconds.firstPages)), .init("times", .number(seconds.times)),
                ])),
        ])
    }
}

extension WALArchiveReport.Timeline {
    fileprivate var json: JSONValue {
        .object([
            .init("timeline", .unsigned(UInt64(number))), .init("parent", .optional(parent.map { UInt64($0) })),
            .init("branched_at", .optional(branchedAt)), .init("first", .optional(first)),
            .init("last", .optional(last)), .init("segments", .unsigned(segments)),
        ])
    }
}

extension WALArchiveReport.Segments {
    fileprivate var json: JSONValue {
        .object([
            .init("first", .string(first)), .init("last", .string(last)), .init("segments", .unsigned(count)),
        ])
    }
}

extension WALArchiveReport.Base {
    fileprivate var json: JSONValue {
        .object([
            .init("path", .string(path)), .init("label", .optional(label)), .init("state", .string(state.rawValue)),
            .init("timeline", .unsigned(UInt64(timeline))), .init("start", .string(start)),
            .init("stop", .optional(stop)), .init("started_at", .optional(startedAt)),
            .init("stopped_at", .optional(stoppedAt)), .init("segments", .unsigned(segments)),
            .init("newest", .optional(newest)), .init("missing_segments", .unsigned(missingCount)),
            .init("missing", .array(missing.map(\.json))), .init("late_segments", .unsigned(lateCount)),
            .init("late", .array(late.map(\.json))),
            .init("unlinked_timelines", .array(unlinkedTimelines.map { .unsigned(UInt64($0)) })),
            .init("target_timeline", .optional(targetTimeline.map { UInt64($0) })),
            .init("misleading_latest_timeline", .optional(misleadingLatest.map { UInt64($0) })),
            .init("recoverable_to", .optional(recoverableTo)),
            .init("recoverable_timeline", .optional(recoverableTimeline.map { UInt64($0) })),
        ])
    }
}
