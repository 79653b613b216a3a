import Backups

extension WALArchiveReport {
    init(_ survey: ArchiveSurvey, _ standings: [BaseStanding]) {
        self.init(location: survey.archive.name)
        if survey.isSizeKnown { segmentSizeBytes = survey.identity.size.bytes }
        systemIdentifier = survey.identity.systemIdentifier
        major = survey.identity.major
        files.segments = survey.listing.segmentCount
        files.partials = survey.listing.partialCount
        files.histories = survey.listing.historyCount
        files.backups = survey.listing.backupCount
        files.unknown = survey.listing.unknown
        let index = survey.index
        files.duplicates = index.duplicates
        timelines = Set(index.timelines.keys).union(survey.histories.keys).sorted().map { number in
            let (runs, parent) = (index.runs(number), survey.histories[number]?.parent)
            return Timeline(
                number: number, parent: parent?.timeline, branchedAt: parent?.position.description,
                first: runs.first.map { index.name(number, $0).description },
                last: runs.last.map { index.name(number, $0).description }, segments: runs.count)
        }
        bases = standings.map { Base($0) }
    }
}

extension WALArchiveReport.Segments {
    init(_ missing: MissingSegments) {
        self.init(first: "\(missing.first)", last: "\(missing.last)", count: missing.count)
    }
}

extension WALArchiveReport.Base {
    fileprivate init(_ standing: BaseStanding) {
        let base = standing.base
        self.init(
            path: base.path, timeline: base.timeline, start: "\(base.start)", state: standing.state)
        label = base.label
        stop = base.stop.map { "\($0)" }
        startedAt = base.startedAt
        stoppedAt = base.stoppedAt
        // Of a base backup that is gone, or another cluster's, nothing is missing.
        guard state != .expired, state != .foreign else { return }
        segments = standing.present
        newest = standing.newest.map { "\($0)" }
        missing = standing.missing.map { WALArchiveReport.Segments($0) }
        late = standing.late.map { WALArchiveReport.Segments($0) }
        unlinkedTimelines = standing.unlinked
        targetTimeline = standing.target
        misleadingLatest = standing.misleadingLatest
        recoverableTo = standing.end.map { "\($0.position)" }
        recoverableTimeline = standing.end?.timeline
    }
}
