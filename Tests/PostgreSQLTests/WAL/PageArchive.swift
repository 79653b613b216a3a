import Backups
import Glibc
import TestSupport

@testable import PostgreSQL

/// An archive in a directory whose segments hold their first page and are sparse else: all that is told of names, times,
/// sizes and first pages.
struct PageArchive {
    /// When segments were stored where nothing else is said.
    static let stored = Timestamp(seconds: 1_790_000_000)

    let directory: TemporaryDirectory
    /// Where the archive lies, and where the base backups.
    let wal: String
    let base: String
    let mebibytes: UInt64

    /// - Parameter mebibytes: of a segment.
    init(mebibytes: UInt64 = 1) throws {
        directory = try TemporaryDirectory()
        (wal, base) = (directory.file("wal"), directory.file("base"))
        self.mebibytes = mebibytes
        mkdir(wal, 0o755)
        mkdir(base, 0o755)
    }

    private func bytes(_ mebibytes: UInt64?) -> UInt64 { (mebibytes ?? self.mebibytes) << 20 }

    private func segmentSize(_ mebibytes: UInt64?) throws -> WALSegmentSize {
        guard let size = WALSegmentSize(bytes: bytes(mebibytes)) else { throw TestFailure("no size of a segment") }
        return size
    }

    func name(_ number: UInt64, timeline: UInt32 = 1, mebibytes: UInt64? = nil) throws -> String {
        WALSegmentName(timeline: timeline, number: number, size: try segmentSize(mebibytes)).description
    }

    /// - Parameter place: a directory in the archive, with a slash at its end.
    func path(_ number: UInt64, timeline: UInt32 = 1, in place: String = "") throws -> String {
        "\(wal)/\(place)\(try name(number, timeline: timeline))"
    }

    func store(
        _ numbers: some Sequence<UInt64>, timeline: UInt32 = 1, in place: String = "", mebibytes: UInt64? = nil,
        identifier: UInt64 = 7_000_000_000, at moment: Timestamp = stored
    ) throws {
        if !place.isEmpty { mkdir("\(wal)/\(place)", 0o755) }
        for number in numbers {
            let file = "\(wal)/\(place)\(try name(number, timeline: timeline, mebibytes: mebibytes))"
            try TestFile.write(
                Self.firstPage(
                    WALPosition(bytes: number * bytes(mebibytes)), timeline, bytes(mebibytes), identifier), to: file)
            truncate(file, Int(bytes(mebibytes)))
            try Self.setTime(of: file, moment)
        }
    }

    /// The history of a timeline that left `parent` a little behind the beginning of segment `number`.
    func storeHistory(of timeline: UInt32, leaving parent: UInt32, in number: UInt64, place: String = "") throws {
        if !place.isEmpty { mkdir("\(wal)/\(place)", 0o755) }
        let position = WALPosition(bytes: number * bytes(nil) + 0x60)
        let file = "\(wal)/\(place)\(WALSegmentName.digits(timeline)).history"
        try TestFile.write(Array("\(parent)\t\(position)\tbefore an accident\n".utf8), to: file)
        try Self.setTime(of: file, Self.stored)
    }

    /// A base backup that began and ended in segment `number`.
    /// - Parameter moment: its STOP TIME.
    func addBase(_ name: String, in number: UInt64, timeline: UInt32 = 1, at moment: Timestamp) throws {
        mkdir("\(base)/\(name)", 0o755)
        let start = WALPosition(bytes: number * bytes(nil) + 0x28)
        let label = """
            START WAL LOCATION: \(start) (file \(try self.name(number, timeline: timeline)))
            STOP WAL LOCATION: \(WALPosition(bytes: start.bytes + 0x100)) (file \(try self.name(number, timeline: timeline)))
            LABEL: \(name)
            START TIMELINE: \(timeline)
            STOP TIME: \(moment.description.replacing("T", with: " ").replacing("Z", with: " UTC"))
            STOP TIMELINE: \(timeline)

            """
        try TestFile.write(Array(label.utf8), to: "\(base)/\(name)/backup_label")
    }

    static func setTime(of path: String, _ moment: Timestamp) throws {
        try Tool.run("touch", ["-d", "@\(moment.seconds)", path])
    }

    /// A look at it. No program of a server is there: nothing tells times of commits.
    func check(
        knowing memory: inout ArchiveMemory, grace: Duration = .zero, now: Timestamp = .now()
    ) throws -> WALArchiveReport {
        var options = WALArchiveCheck.Options()
        options.grace = grace
        return try WALArchiveCheck(
            archive: WALDirectory(wal), bases: WALDirectory(base), options: options,
            scratch: TestScratch.configuration(), installations: { Installations([]) }, now: now
        ).run(knowing: &memory)
    }

    func check(grace: Duration = .zero, now: Timestamp = .now()) throws -> WALArchiveReport {
        var memory = ArchiveMemory()
        return try check(knowing: &memory, grace: grace, now: now)
    }

    /// `XLogLongPageHeaderData` as PostgreSQL 15 writes it.
    private static func firstPage(
        _ start: WALPosition, _ timeline: UInt32, _ size: UInt64, _ identifier: UInt64
    ) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        return bytes(UInt16(0xD110)) + bytes(UInt16(0x0002)) + bytes(timeline) + bytes(start.bytes) + bytes(UInt32(0))
            + bytes(UInt32(0)) + bytes(identifier) + bytes(UInt32(size)) + bytes(UInt32(8192))
    }
}
