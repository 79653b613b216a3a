import Testing

@testable import Backups

@Suite struct DataTimeTests {
    private let snapshot = Timestamp(seconds: 1000)
    private let start = Timestamp(seconds: 1002)
    private let finished = Timestamp(seconds: 1060)
    private let now = Timestamp(seconds: 2000)

    @Test func theManifestKnowsBest() {
        let time = DataTime(manifest: snapshot, dumpStart: start, completedAt: finished)
        #expect(time.asOf == snapshot)
        #expect(time.source == .manifest)
        #expect(time.completedAt == finished)
        #expect(time.age(at: now)?.seconds == 1000)
        #expect(time.age(at: now)?.isLowerBound == false)
    }

    @Test func thenTheDumpsStart() {
        let time = DataTime(manifest: nil, dumpStart: start, completedAt: finished)
        #expect(time.asOf == start)
        #expect(time.source == .dump)
    }

    @Test func thenTheTimeInItsName() {
        let time = DataTime(manifest: nil, dumpStart: nil, named: start, completedAt: finished)
        #expect(time.asOf == start)
        #expect(time.source == .name)
        #expect(DataTime(manifest: nil, dumpStart: snapshot, named: start, completedAt: nil).source == .dump)
    }

    @Test func theFilesTimeIsNeverTheDatasTime() {
        let time = DataTime(manifest: nil, dumpStart: nil, completedAt: finished)
        #expect(time.asOf == nil)
        #expect(time.source == nil)
        #expect(time.age(at: now)?.seconds == 940)
        #expect(time.age(at: now)?.isLowerBound == true)
    }

    @Test func aStreamWithoutTimesHasNoAge() {
        #expect(DataTime(manifest: nil, dumpStart: nil, completedAt: nil).age(at: now) == nil)
    }

    @Test func clocksThatDisagreeGiveNoNegativeAge() {
        let time = DataTime(manifest: Timestamp(seconds: 3000), dumpStart: nil, completedAt: nil)
        #expect(time.age(at: now)?.seconds == 0)
    }
}
