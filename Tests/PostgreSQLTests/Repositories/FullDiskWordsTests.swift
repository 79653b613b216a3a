import Backups
import Integrity
import Processes
import Testing

@testable import PostgreSQL

/// What a tool says of a disk without room, amid what looks like a backup that is cut: with room, the same words are damage.
@Suite struct FullDiskWordsTests {
    struct Words: Sendable {
        let status: Int32
        /// What it says of a damaged backup.
        let damage: String
        let error: @Sendable (ProcessResult) throws -> any Error
    }

    static let words = [
        Words(status: 1, damage: "tar: Unexpected EOF in archive") { BarmanFailure($0).ofRestore(of: "x") },
        Words(status: 1, damage: "ERROR: rsync: [sender] link_stat: No such file or directory") {
            BarmanFailure($0).ofRestore(of: "x")
        },
        Words(status: 1, damage: "ERROR: Error decompressing WAL: unexpected end of file") {
            BarmanFailure($0).ofSegment("000000010000000000000001")
        },
        Words(status: 4, damage: "ERROR: Missing file data.tar") { BarmanCloudFailure($0).ofRestore(of: "x") },
        Words(status: 4, damage: "ERROR: unexpected end of data") {
            BarmanCloudFailure($0).ofSegment("000000010000000000000001")
        },
        Words(status: 29, damage: "ERROR: [029]: unexpected eof in compressed data") {
            PgBackRestFailure($0).ofRestore(of: "x")
        },
        Words(status: 42, damage: "ERROR: [042]: [ChecksumError] of 000000010000000000000001") {
            PgBackRestFailure($0).ofFetch(of: "000000010000000000000001")
        },
        Words(status: 7, damage: "cut") {
            try CommandFailure($0, #require(RepositoryAddress("command:/tool.yml"))).error("restore", "restore x", [7])
        },
    ]

    @Test(arguments: words.indices) func itIsNoDamage(index: Int) throws {
        let words = Self.words[index]
        func error(_ text: String) throws -> any Error {
            try words.error(
                ProcessResult(end: .exited(words.status), output: [], error: Array(text.utf8), isOutputCut: false))
        }
        #expect(try error(words.damage) is ContentDamage)
        for reason in ["No space left on device", "Disk quota exceeded"] {
            let found = try error("base/1/1259: Cannot write: \(reason)\n\(words.damage)")
            #expect((found as? Obstacle)?.reason == .diskFull, "\(found)")
        }
    }
}
