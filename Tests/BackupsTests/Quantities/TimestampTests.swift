import Glibc
import Testing

@testable import Backups

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_140_007, "2026-11-20T02:00:07Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)])
    func printsAndReadsUTC(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).description == text)
        #expect(Timestamp(text) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        ("2026-11-20 02:00:07 UTC", "2026-11-20T02:00:07Z"),
        ("2026-11-20 02:00:07+01", "2026-11-20T01:00:07Z"),
        ("2026-11-20T02:00:07.123456789-05:30", "2026-11-20T07:30:07Z"),
        ("2026-11-20T02:00Z", "2026-11-20T02:00:00Z"),
        ("2026-01-01 00:30:00 +0100", "2025-12-31T23:30:00Z"),
        ("2026-11-20 02:00:07 GMT", "2026-11-20T02:00:07Z"),
    ])
    func readsZones(text: String, utc: String) {
        #expect(Timestamp(text)?.description == utc)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20 02:00:07", "2026-11-20 02:00:07 CET", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T02:00:07Zulu",
        "2026-11-20T02:00:07.Z",
    ])
    func refusesWhatIsNotCertain(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func keepsMicroseconds() {
        #expect(Timestamp("2026-11-20T02:00:07.5Z")?.microseconds == 1_795_140_007_500_000)
    }

    /// Times of files that no calendar has, as btrfs, ZFS and tmpfs keep them.
    @Test(
        arguments: [
            (1_795_140_007, 123_456_789, 1_795_140_007_123_456), (-1, 999_999_999, -1),
            (253_402_300_799, 999_999_999, 253_402_300_799_999_999), (253_402_300_800, 5000, 253_402_300_799_000_000),
            (9_300_000_000_000, 0, 253_402_300_799_000_000), (.max, 999_999_999, 253_402_300_799_000_000),
            (-9_300_000_000_000, 0, -62_135_596_800_000_000), (.min, 999_999_999, -62_135_596_800_000_000),
        ] as [(Int, Int, Int64)])
    func oddTimesOfFilesEndNobody(seconds: Int, nanoseconds: Int, microseconds: Int64) {
        let time = Timestamp(timespec(tv_sec: seconds, tv_nsec: nanoseconds))
        #expect(time.microseconds == microseconds)
        #expect(Timestamp("\(time)")?.seconds == time.seconds)
        #expect(time.seconds(since: .now()).isFinite && Timestamp.now().seconds(since: time).isFinite)
    }

    @Test func theFarthestMomentsHaveADistance() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(last.seconds(since: first) > 1.8e13 && first.seconds(since: last) < -1.8e13)
        #expect(Timestamp(microseconds: 3_000_000).seconds(since: Timestamp(microseconds: 1_500_000)) == 1.5)
    }

    @Test func everyDayOfFourCenturiesComesBack() {
        for days in stride(from: Int64(-200_000), through: 200_000, by: 1) {
            let date = CivilDate(daysSince1970: days)
            guard CivilDate(year: date.year, month: date.month, day: date.day)?.daysSince1970 == days
            else {
                Issue.record("day \(days) became \(date)")
                return
            }
        }
    }
}
