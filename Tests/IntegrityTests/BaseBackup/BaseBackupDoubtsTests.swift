import Backups
import Testing

@testable import Integrity

/// Which damage is the backup's: what comes the same twice.
@Suite struct BaseBackupDoubtsTests {
    /// - Parameters:
    ///   - first: what came.
    ///   - now: what comes when it is read again.
    private func doubted(_ first: String, now: String) throws -> DoubtedBytes {
        var checksumming = try FileChecksumming(.crc32c)
        try Array(first.utf8).withUnsafeBytes { try checksumming.update($0) }
        return DoubtedBytes(again: MemoryBytes(Array(now.utf8), piece: 3), first: try checksumming.finish())
    }

    private func resolve(_ groups: [[DoubtedBytes]]) -> Reason? {
        let doubts = BaseBackupDoubts()
        for group in groups { doubts.add(group) }
        do {
            try doubts.resolve(progress: SilentProgress(), cancellation: Cancellation())
            return nil
        } catch {
            return (error as? Obstacle)?.reason
        }
    }

    @Test func whatComesTheSameTwiceLiesThere() throws {
        let same = try doubted("damaged", now: "damaged")
        let other = try doubted("damaged", now: "whole")
        #expect(resolve([]) == nil)
        #expect(resolve([[same]]) == nil)
        #expect(resolve([[other]]) == .transferDamaged)
        // One that lies damaged there is enough.
        #expect(resolve([[other], [same]]) == nil)
        // Of files that belong together all must be the same.
        #expect(resolve([[same, other]]) == .transferDamaged)
        // What no line did.
        #expect(resolve([[other], []]) == nil)
    }

    @Test func aCancelledReadingIsNone() throws {
        let doubts = BaseBackupDoubts()
        doubts.add([try doubted("damaged", now: "damaged")])
        let cancellation = Cancellation()
        cancellation.cancel(Obstacle(.deadlineExceeded, "too long"))
        let error = #expect(throws: Obstacle.self) {
            try doubts.resolve(progress: SilentProgress(), cancellation: cancellation)
        }
        #expect(error?.reason == .deadlineExceeded)
    }
}
