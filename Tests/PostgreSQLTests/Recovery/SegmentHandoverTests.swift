import Backups
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import PostgreSQL

/// The `restore_command` itself, run as a server runs it: in its data directory, by a shell.
struct SegmentHandoverTests {
    private static let segment = "000000010000000000000001"

    private let directory: TemporaryDirectory
    private let data: String

    init() throws {
        directory = try TemporaryDirectory()
        data = directory.file("data")
        for path in [data, "\(data)/pg_wal"] { try #require(mkdir(path, 0o700) == 0) }
    }

    /// - Parameter supply: `nil` for what the archive has not.
    private func handover(_ supply: @escaping @Sendable (_ files: String) throws -> String?) throws -> SegmentHandover {
        try SegmentHandover(directory.file("wal"), data: data, user: nil) { files in { _ in try supply(files) } }
    }

    private func status(
        of handover: SegmentHandover, _ name: String = segment, to path: String = "pg_wal/RECOVERYXLOG"
    ) throws -> Int32 {
        let command = handover.command.split(separator: "\"%f\"")[0]
        let line = "cd '\(data)' && \(command) '\(name)' '\(path)'; echo $?"
        return try #require(Int32(Tool.shell(line).outputText.split(separator: "\n").last ?? ""))
    }

    private static func write(_ files: String, _ text: String = "whole") throws -> String {
        let path = "\(files)/segment.1"
        try TestFile.write(Array(text.utf8), to: path)
        return path
    }

    @Test func whatTheArchiveHasLiesWhereTheServerWantsIt() throws {
        let handover = try handover { try Self.write($0) }
        defer { handover.stop() }
        #expect(try status(of: handover) == 0)
        #expect(try TestFile.read("\(data)/pg_wal/RECOVERYXLOG") == Array("whole".utf8))
        #expect(handover.handedOver.files == 1)
        #expect(handover.handedOver.bytes == 5)
        #expect(try TestFile.names(in: "\(directory.file("wal"))/files").isEmpty)
    }

    /// What comes otherwise when it is asked for once more was damaged on its way.
    @Test func whatWasHandedOverIsComparedWithWhatComesLater() throws {
        let texts = Mutex(["whole", "whole", "other"])
        let handover = try handover { files in
            try Self.write(files, texts.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] })
        }
        defer { handover.stop() }
        let segment = try #require(WALSegmentName(Self.segment))
        // Nothing is known of what was not handed over.
        try handover.confirm(segment)
        #expect(try status(of: handover) == 0)
        // It is summed while the server goes on.
        while handover.summed == 0 { sched_yield() }
        try handover.confirm(segment)
        #expect { try handover.confirm(segment) } throws: { ($0 as? Obstacle)?.reason == .transferDamaged }
    }

    @Test func onlyWhatIsProvedAbsentEndsTheArchive() throws {
        let absent = try handover { _ in nil }
        #expect(try status(of: absent) == 1)
        #expect(absent.failure == nil)
        absent.stop()
        try Tool.run("rm", ["-r", directory.file("wal")])
        let unknown = try handover { _ in throw Obstacle(.diskFull, "full") }
        defer { unknown.stop() }
        #expect(try status(of: unknown) == 200)
        #expect(unknown.failure != nil)
    }

    @Test func aLinkInTheWayIsReplacedAndNotFollowed() throws {
        let victim = directory.file("victim")
        try TestFile.write(Array("mine".utf8), to: victim)
        try #require(symlink(victim, "\(data)/pg_wal/RECOVERYXLOG") == 0)
        let handover = try handover { try Self.write($0) }
        defer { handover.stop() }
        #expect(try status(of: handover) == 0)
        #expect(try TestFile.read(victim) == Array("mine".utf8))
        #expect(try TestFile.read("\(data)/pg_wal/RECOVERYXLOG") == Array("whole".utf8))
    }

    @Test func aDirectoryOfTheLogThatIsSwappedLeadsNowhere() throws {
        let outside = directory.file("outside")
        try #require(mkdir(outside, 0o700) == 0)
        let handover = try handover { try Self.write($0) }
        defer { handover.stop() }
        try #require(rename("\(data)/pg_wal", "\(data)/moved") == 0)
        try #require(symlink(outside, "\(data)/pg_wal") == 0)
        // The file is not where the server asked for it, so nobody says that it is.
        let command = handover.command.split(separator: "\"%f\"")[0]
        let line = "cd '\(data)' && timeout 2 \(command) '\(Self.segment)' pg_wal/RECOVERYXLOG; echo $?"
        #expect(try Tool.shell(line).outputText.hasSuffix("124\n"))
        #expect(try TestFile.names(in: outside).isEmpty)
        #expect(try TestFile.names(in: "\(data)/moved") == ["RECOVERYXLOG"])
    }

    @Test(arguments: ["pg_wal/../../outside", "/etc/passwd", "pg_wal/000000010000000000000001", ""])
    func aServerGetsNothingAnywhereElse(path: String) throws {
        let handover = try handover { try Self.write($0) }
        defer { handover.stop() }
        #expect(try status(of: handover, to: path) == 200)
        #expect(handover.handedOver.files == 0)
    }

    @Test func anAnswerWhoseFileIsGoneIsNotTakenForTheFile() throws {
        let handover = try handover { try Self.write($0) }
        defer { handover.stop() }
        // What a script that was ended leaves behind: an answer, and a file that PostgreSQL removes before it asks again.
        try TestFile.write(Array("\(Self.segment) pg_wal/RECOVERYXLOG\n".utf8), to: "\(directory.file("wal"))/request")
        let file = "\(data)/pg_wal/RECOVERYXLOG"
        while !TestFile.exists(file) { usleep(1000) }
        unlink(file)
        #expect(try status(of: handover) == 0)
        #expect(try TestFile.read("\(data)/pg_wal/RECOVERYXLOG") == Array("whole".utf8))
    }
}
