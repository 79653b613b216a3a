import Backups
import Integrity
import Testing

@testable import PostgreSQL

/// The small files that say which WAL a base backup needs, and where a timeline comes from.
@Suite struct BaseNotesTests {
    private static let label = """
        START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
        STOP WAL LOCATION: 0/2000138 (file 000000010000000000000002)
        CHECKPOINT LOCATION: 0/2000060
        BACKUP METHOD: streamed
        BACKUP FROM: primary
        START TIME: 2026-11-20 02:00:00 UTC
        LABEL: nightly: 2
        START TIMELINE: 1
        STOP TIME: 2026-11-20 02:00:07 UTC
        STOP TIMELINE: 1

        """

    @Test func aBackupHistoryFileIsRead() throws {
        let label = try #require(BackupLabel(Self.label))
        #expect(label.start == WALPosition("0/2000028"))
        #expect(label.stop == WALPosition("0/2000138"))
        #expect(label.startTimeline == 1)
        #expect(label.stopTimeline == 1)
        #expect(label.label == "nightly: 2")
        #expect(label.startedAt == Timestamp("2026-11-20T02:00:00Z"))
        #expect(label.stoppedAt == Timestamp("2026-11-20T02:00:07Z"))
    }

    @Test(arguments: [
        ("0/2000028", "000000010000000000000002", UInt64(16) as UInt64?), ("0/1300028", "000000010000000000000013", 1),
        ("3/40000028", "000000010000000300000001", 1024), ("5/28", "000000010000000500000000", nil),
        ("0/2000028", "000000010000000000000003", nil),
    ])
    func aStartTellsTheSizeOfSegments(position: String, file: String, mebibytes: UInt64?) throws {
        let label = try #require(BackupLabel("START WAL LOCATION: \(position) (file \(file))"))
        var base = BaseBackup(path: "", origin: .archive, timeline: 1, start: label.start)
        base.startSegment = label.startSegment
        #expect(base.segmentSize == mebibytes.flatMap { WALSegmentSize(bytes: $0 << 20) })
    }

    @Test func aStopAtTheVeryBeginningIsNoTrap() throws {
        let start = try #require(WALPosition("0/2000028"))
        let base = BaseBackup(path: "", origin: .archive, timeline: 1, start: start, stop: WALPosition(bytes: 0))
        #expect(base.lastNeeded == start)
    }

    @Test func aZoneThatMeansSeveralTellsNoTime() throws {
        let label = try #require(BackupLabel(Self.label.replacing("UTC", with: "CET")))
        #expect(label.startedAt == nil)
        #expect(label.stoppedAt == nil)
        #expect(label.stop == WALPosition("0/2000138"))
    }

    @Test(arguments: ["", "hello", "START WAL LOCATION: here (file 000000010000000000000002)"])
    func nothingElseIsOne(text: String) {
        #expect(BackupLabel(text) == nil)
    }

    @Test func aStandbyAndAnIncrementalBackupSaySo() throws {
        let label = try #require(BackupLabel(Self.label))
        #expect(!label.isFromStandby && label.incrementalFrom == nil)
        let text = Self.label.replacing("FROM: primary", with: "FROM: standby") + "INCREMENTAL FROM LSN: 0/1000028\n"
        let other = try #require(BackupLabel(text))
        #expect(other.isFromStandby && other.incrementalFrom == WALPosition("0/1000028"))
    }

    @Test func aHistoryIsFollowed() throws {
        let text = "1\t0/3000060\tno recovery target specified\n\n# a remark\n2\t0/5000000\tbefore 2026-11-20\n"
        let history = try TimelineHistory(timeline: 4, text: text)
        #expect(history.switches.map(\.timeline) == [1, 2])
        #expect(history.parent?.position == WALPosition("0/5000000"))
        #expect(history.timeline(at: WALPosition(bytes: 0x300_005F)) == 1)
        #expect(history.timeline(at: WALPosition(bytes: 0x300_0060)) == 2)
        #expect(history.timeline(at: WALPosition(bytes: 0x500_0000)) == 4)
        let size = try #require(WALSegmentSize(bytes: 1 << 20))
        // Segment 0x30 holds the switch: its copy on timeline 2 holds all of it. 0x4F ends where timeline 4 begins.
        #expect([0x2F, 0x30, 0x4F, 0x50].map { history.owner(of: $0, size) } == [1, 2, 2, 4])
    }

    @Test(arguments: ["1", "one\t0/1\tx", "1\t0\tx", "2\t0/1\tx\n1\t0/2\tx", "4\t0/1\tx", "7\t0/1\tx"])
    func whatPostgreSQLWouldNotFollowIsDamage(text: String) {
        #expect(throws: ContentDamage.self) { try TimelineHistory(timeline: 4, text: text) }
    }
}
