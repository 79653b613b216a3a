import Backups
import Glibc
import PostgreSQL
import TestSupport

@testable import Daemon

/// An archive of a write-ahead log: real files, sparse, with the first page of real segments, stored at simulated times. When the
/// last transaction in one was committed stands in it as a line of text, which a program in the place of `pg_waldump` prints.
struct SimulatedArchive {
    /// The least that a server may have.
    static let segmentBytes: UInt64 = 1 << 20

    private let path: String
    private let size: WALSegmentSize
    private let scratch: String
    /// With the program that reads commits; `nil` where none is installed.
    private let installation: Installation?
    private var isAway = false
    private var memory = ArchiveMemory()

    /// - Parameter tellsCommits: whether the daemon can read the times of commits, which takes a program for each new segment.
    init(in directory: TemporaryDirectory, tellsCommits: Bool) throws {
        path = directory.file("wal")
        scratch = directory.file("scratch")
        guard let size = WALSegmentSize(bytes: Self.segmentBytes) else { throw TestFailure("no size of a segment") }
        self.size = size
        installation = tellsCommits ? try Self.install(in: directory.file("bin")) : nil
        mkdir(path, 0o755)
        mkdir(path + ".lost", 0o755)
    }

    /// Where the daemon looks; the server writes to it also while the daemon can't see it.
    var location: String { path }
    private var stored: String { isAway ? path + ".away" : path }

    func name(_ number: UInt64) -> String { WALSegmentName(timeline: 1, number: number, size: size).description }

    private static func install(in bin: String) throws -> Installation {
        mkdir(bin, 0o755)
        try TestFile.write(Array("#!/bin/sh\nexec grep -a COMMIT \"$2\"\n".utf8), to: "\(bin)/pg_waldump")
        chmod("\(bin)/pg_waldump", 0o755)
        return Installation(bin: bin, version: "15.0", major: 15, isServer: false)
    }

    /// What archive_command does.
    /// - Parameter committed: when the last transaction in it was.
    func store(_ number: UInt64, committed: Timestamp, at moment: Timestamp) throws {
        let file = "\(stored)/\(name(number))"
        let time = committed.description.replacing("T", with: " ").replacing("Z", with: " UTC")
        let commit = "\nrmgr: Transaction desc: COMMIT \(time)\n"
        try TestFile.write(Self.firstPage(of: number) + Array(commit.utf8), to: file)
        truncate(file, Int(Self.segmentBytes))
        try BackupShelf.setTime(of: file, moment)
    }

    /// A base backup that began and ended in segment `number`, as its notes in the archive tell it.
    func noteBase(in number: UInt64, at moment: Timestamp) throws {
        let start = WALPosition(bytes: number * Self.segmentBytes + 0x28)
        let file = "\(stored)/\(name(number)).00000028.backup"
        let notes = """
            START WAL LOCATION: \(start) (file \(name(number)))
            STOP WAL LOCATION: \(WALPosition(bytes: start.bytes + 0x100)) (file \(name(number)))
            CHECKPOINT LOCATION: \(WALPosition(bytes: start.bytes + 0x38))
            BACKUP METHOD: streamed
            BACKUP FROM: primary
            LABEL: nightly
            START TIMELINE: 1
            STOP TIMELINE: 1

            """
        try TestFile.write(Array(notes.utf8), to: file)
        try BackupShelf.setTime(of: file, moment)
    }

    // MARK: What happens to it

    func lose(_ number: UInt64) { move(name(number), from: path, to: path + ".lost") }

    /// As a retention that keeps too little: what is needed for segment `number` and those after it stays.
    func expire(before number: UInt64) throws {
        for file in try TestFile.names(in: path) where file.prefix(24) < name(number) {
            move(file, from: path, to: path + ".lost")
        }
    }

    /// The notes of base backups alone: no segment is missing, and nothing tells from where on they count.
    func loseNotes() throws {
        for file in try TestFile.names(in: path) where file.hasSuffix(".backup") {
            move(file, from: path, to: path + ".lost")
        }
    }

    func bringBack() throws {
        for file in try TestFile.names(in: path + ".lost") { move(file, from: path + ".lost", to: path) }
    }

    /// Of the daemon's machine; the server goes on to write to it.
    mutating func takeAway() {
        rename(path, path + ".away")
        isAway = true
    }

    mutating func putBack() {
        rename(path + ".away", path)
        isAway = false
    }

    private func move(_ file: String, from: String, to: String) { rename("\(from)/\(file)", "\(to)/\(file)") }

    // MARK: The daemon's look

    /// What the daemon's watch finds.
    mutating func look(grace: Duration, at now: Timestamp) -> Result<WALArchiveFacts, Obstacle> {
        var options = WALArchiveCheck.Options()
        options.grace = grace
        var configuration = ScratchConfiguration()
        configuration.directory = scratch
        let check = WALArchiveCheck(
            archive: WALDirectory(path), bases: nil, options: options, scratch: configuration,
            installations: { [installation] in Installations([installation].compactMap(\.self)) }, now: now)
        do {
            return .success(WALArchiveFacts(try check.run(knowing: &memory), at: now))
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(error)"))
        }
    }

    /// As after a new start of the daemon.
    mutating func forget() { memory = ArchiveMemory() }

    /// `XLogLongPageHeaderData` as PostgreSQL 15 writes it.
    private static func firstPage(of number: UInt64) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        return bytes(UInt16(0xD110)) + bytes(UInt16(0x0002)) + bytes(UInt32(1)) + bytes(number * segmentBytes)
            + bytes(UInt32(0)) + bytes(UInt32(0)) + bytes(UInt64(7_000_000_000)) + bytes(UInt32(segmentBytes))
            + bytes(UInt32(8192))
    }
}
