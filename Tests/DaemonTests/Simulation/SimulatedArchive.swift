import Backups
import Glibc
import PostgreSQL
import TestSupport

@testable import Daemon

/// An archive of a write-ahead log: real files, sparse, with the first page of real segments, stored at simulated times.
struct SimulatedArchive {
    /// The least that a server may have.
    static let segmentBytes: UInt64 = 1 << 20

    private let path: String
    private let size: WALSegmentSize
    private var isAway = false
    private var memory = ArchiveMemory()

    init(in directory: TemporaryDirectory) throws {
        path = directory.file("wal")
        guard let size = WALSegmentSize(bytes: Self.segmentBytes) else { throw TestFailure("no size of a segment") }
        self.size = size
        mkdir(path, 0o755)
        mkdir(path + ".lost", 0o755)
    }

    /// Where the daemon looks; the server writes to it also while the daemon can't see it.
    var location: String { path }
    private var stored: String { isAway ? path + ".away" : path }

    func name(_ number: UInt64) -> String { WALSegmentName(timeline: 1, number: number, size: size).description }

    /// What archive_command does.
    func store(_ number: UInt64, at moment: Timestamp) throws {
        let file = "\(stored)/\(name(number))"
        try TestFile.write(Self.firstPage(of: number), to: file)
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

    /// What the daemon's watch finds. No program of a server is there, so that nothing tells times of commits.
    mutating func look(grace: Duration, at now: Timestamp) -> Result<WALArchiveFacts, Obstacle> {
        var options = WALArchiveCheck.Options()
        options.grace = grace
        let check = WALArchiveCheck(
            archive: WALDirectory(path), bases: nil, options: options, scratch: ScratchConfiguration(),
            installations: { Installations([]) }, now: now)
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
