import Backups
import PostgreSQL
import TestSupport

@testable import Daemon

/// A production server as far as a daemon sees one: its log and its archiver, its counters and its disk, minute by minute. What
/// becomes of what it says is the daemon's own.
struct SimulatedProduction {
    enum Archiver {
        case works
        /// archive_command ends with an error.
        case fails
        /// archive_command never ends, or is empty: nothing is counted.
        case hangs
    }

    private struct Segment {
        let number: UInt64
        let finished: Timestamp
        var isArchived = false
    }

    /// Simulated minutes in which one segment is written.
    static let minutesPerSegment: UInt64 = 20

    let database: String
    var answers = true
    /// Somebody writes to it.
    let isBusy: Bool
    var archiver = Archiver.works
    /// Of a thousand GiB, and what is added each hour.
    var usedGibibytes = 500.0
    var growth = 1.0
    private(set) var current: UInt64 = 100
    private let size: WALSegmentSize
    private var minutes: UInt64 = 0
    private var segments: [Segment] = []
    private var counters = ProductionReading.Archiver()
    private var inserted: UInt64 = 1_000_000
    private var account = ProductionAccount()

    init(of database: String, isBusy: Bool) throws {
        guard let size = WALSegmentSize(bytes: SimulatedArchive.segmentBytes) else { throw TestFailure("no size") }
        self.database = database
        self.isBusy = isBusy
        self.size = size
    }

    /// All that was written is archived, the last of it at `moment`.
    mutating func rest(since moment: Timestamp) {
        counters = ProductionReading.Archiver(archived: 12, lastArchived: nil, lastSuccess: moment)
        segments = [Segment(number: current - 1, finished: moment, isArchived: true)]
    }

    /// Another server takes its place, which has archived nothing yet.
    mutating func replace() {
        counters = ProductionReading.Archiver()
        segments = []
    }

    /// One minute passes.
    mutating func advance(to moment: Timestamp, _ archive: SimulatedArchive?) throws {
        usedGibibytes += growth / 60
        if isBusy {
            minutes += 1
            inserted += 7
            if minutes % Self.minutesPerSegment == 0 {
                segments.append(Segment(number: current, finished: moment))
                current += 1
            }
        }
        for index in segments.indices where !segments[index].isArchived {
            switch archiver {
            case .hangs: break
            case .fails:
                counters.failures += 3
                counters.lastFailure = moment
            case .works:
                try archive?.store(segments[index].number, committed: segments[index].finished, at: moment)
                segments[index].isArchived = true
                counters.archived += 1
                counters.lastSuccess = moment
            }
        }
        // A checkpoint removes what is archived, and the notes of it.
        while segments.count > 10, segments[0].isArchived { segments.removeFirst() }
    }

    // MARK: The daemon's look

    mutating func look(at now: Timestamp, serverTime: Timestamp) -> ProductionFacts {
        account.measure(DiskFacts(usedBytes: UInt64(usedGibibytes * 0x1p30), capacityBytes: 1000 << 30))
        if answers {
            _ = account.answer(reading(serverTime), gaps: [], at: now)
        } else {
            _ = account.fail(Obstacle(.connectionFailed, "production does not answer"))
        }
        return account.facts
    }

    /// As after a new start of the daemon.
    mutating func forget() { account = ProductionAccount() }

    private func reading(_ moment: Timestamp) -> ProductionReading {
        var status = ArchiveStatus(size)
        for segment in segments {
            let name = WALSegmentName(timeline: 1, number: segment.number, size: size)
            status.see("\(name).\(segment.isArchived ? "done" : "ready")", modified: segment.finished)
        }
        let written = size.bytes / Self.minutesPerSegment * (minutes % Self.minutesPerSegment)
        return ProductionReading(
            takenAt: moment, segmentSize: size, position: WALPosition(bytes: current * size.bytes + written),
            timeline: 1, archiver: counters, status: status, databaseBytes: 1 << 30)
    }

    func sample(at moment: Timestamp) -> ProductionSample {
        let table = TableCounters(
            schema: "public", name: "orders", oid: 16_384, relfilenode: 16_384, inserted: inserted, updated: 0,
            deleted: 0, liveRows: inserted)
        return ProductionSample(takenAt: moment, epoch: "1", circumstances: "1", tables: [table])
    }
}
