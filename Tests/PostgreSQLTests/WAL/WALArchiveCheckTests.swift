import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Archives that real servers wrote while pgbench ran: intact, and with one thing wrong.
@Suite(.serialized) struct WALArchiveCheckTests {
    /// An archive of PostgreSQL 15 with two base backups, made once; every test damages a copy of its own.
    private static let original: Result<Original, any Error> = Result { try Original() }

    private struct Original {
        let source: ArchivingServer
        /// Everything lies in this one directory: `wal`, and the base backups in `base`.
        let directory: TemporaryDirectory
        /// The names of the segments from the first base backup on.
        let segments: [String]
        let newestCommit: Timestamp

        init() throws {
            source = try ArchivingServer()
            directory = try TemporaryDirectory()
            mkdir(directory.file("base"), 0o755)
            try source.write(transactions: 50)
            try source.baseBackup([], to: directory.file("base/monday"))
            try source.write()
            try source.baseBackup(["-Ft", "-z", "-X", "none"], to: directory.file("base/tuesday"))
            try source.write()
            let committed = try source.server.maintenance.query(
                "SELECT to_char(max(mtime) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM pgbench_history"
            )
            newestCommit = try #require(Timestamp(committed))
            source.server.stop()
            try Tool.run("cp", ["-a", source.archive, directory.file("wal")])
            let start = try BaseBackupSearch(WALDirectory(directory.file("base"))).found.first.map { base in
                WALSegmentName(timeline: 1, number: base.start.bytes >> 20, size: try mebibyte()).description
            }
            let first = try #require(start)
            segments = try TestFile.names(in: directory.file("wal")).filter { $0.count == 24 && $0 >= first }
        }
    }

    private let directory: TemporaryDirectory
    private let wal: String
    private let original: Original

    init() throws {
        original = try Self.original.get()
        directory = try TemporaryDirectory()
        wal = directory.file("wal")
        try Tool.run("cp", ["-a", original.directory.file("wal"), wal])
    }

    private static func mebibyte() throws -> WALSegmentSize { try #require(WALSegmentSize(bytes: 1 << 20)) }

    private func check(
        base: String? = nil, grace: Duration = .zero, _ change: (inout WALArchiveCheck.Options) -> Void = { _ in }
    ) throws -> WALArchiveReport {
        try Self.check(wal, base: base ?? original.directory.file("base"), grace: grace, change)
    }

    private static func check(
        _ wal: String, base: String?, grace: Duration = .zero,
        installations: [Installation]? = nil, _ change: (inout WALArchiveCheck.Options) -> Void = { _ in }
    ) throws -> WALArchiveReport {
        var options = WALArchiveCheck.Options()
        options.grace = grace
        change(&options)
        return try WALArchiveCheck(
            archive: WALDirectory(wal), bases: base.map { WALDirectory($0) }, options: options,
            scratch: TestScratch.configuration(),
            installations: {
                installations.map { Installations($0) }
                    ?? Installations.find(configured: TestInstallation.all.map(\.bin))
            }, now: .now()
        ).run()
    }

    private func segment(_ index: Int) -> String { original.segments[index] }
    private func path(_ index: Int) -> String { "\(wal)/\(segment(index))" }
    private func verdicts(_ report: WALArchiveReport) -> [String] {
        report.checks.map { "\($0.name) \($0.verdict)\($0.reason.map { " \($0)" } ?? "")" }
    }

    // MARK: Intact

    @Test func anIntactArchiveIsComplete() throws {
        #expect(original.segments.count > 5)
        let report = try check { $0.isWhole = true }
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.map(\.state) == [.complete, .complete])
        #expect(report.bases.map(\.missingCount) == [0, 0])
        #expect(report.bases.first?.segments == UInt64(original.segments.count))
        #expect(report.bases.first?.newest == original.segments.last)
        #expect(report.segmentSizeBytes == 1 << 20)
        #expect(report.major == 15)
        #expect(report.timelines.map(\.number) == [1])
        #expect(report.files.unknown == 0)
        // The window ends with the last commit: pgbench notes the time at which its transaction began.
        let end = try #require(report.window.end)
        #expect(end >= original.newestCommit)
        #expect(end.seconds(since: original.newestCommit) < 30)
        #expect(report.window.start == report.bases.first?.stoppedAt)
        #expect(report.window.unknown == nil)
    }

    @Test func baseBackupsAreKnownByTheNotesInTheArchiveToo() throws {
        let report = try Self.check(wal, base: nil)
        #expect(report.verdict == .verified, "\(report.checks)")
        let known = try check().bases
        #expect(report.bases.map(\.start) == known.map(\.start))
        #expect(report.bases.map(\.stop) == known.map(\.stop))
        #expect(report.bases.allSatisfy { $0.label == "pg_basebackup base backup" })
        for name in try TestFile.names(in: wal) where name.hasSuffix(".backup") { unlink("\(wal)/\(name)") }
        let without = try Self.check(wal, base: nil)
        #expect(without.verdict == .inconclusive)
        #expect(without.decisive?.reason == .noBaseBackup)
    }

    // MARK: Missing

    @Test func aSegmentThatIsGoneIsNamed() throws {
        unlink(path(3))
        let report = try check()
        #expect(verdicts(report) == ["segments failed wal-gap", "first-pages verified"])
        let base = try #require(report.bases.first)
        #expect(base.missing == [.init(first: segment(3), last: segment(3), count: 1)])
        #expect(report.checks.first?.details == [segment(3)])
        let place = try #require(WALSegmentName(segment(3))?.number(Self.mebibyte()))
        #expect(base.recoverableTo == WALPosition(bytes: place << 20).description)
        // The later base backup lies behind it, and one can still recover from that one.
        #expect(report.window.start == report.bases.last?.stoppedAt)
        #expect(report.window.end != nil)
    }

    @Test func theNewestThatIsNotThereYetIsNoGap() throws {
        unlink(path(original.segments.count - 1))
        let report = try check()
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.first?.newest == original.segments[original.segments.count - 2])
    }

    @Test func aHoleThatMayStillBeFilledIsLate() throws {
        unlink(path(3))
        let report = try check(grace: .seconds(86_400))
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.first?.late == [.init(first: segment(3), last: segment(3), count: 1)])
        #expect(report.bases.first?.missing == [])
    }

    @Test func theBaseBackupsOwnSegmentsCount() throws {
        unlink(path(0))
        let report = try check()
        #expect(report.bases.map(\.state) == [.incomplete, .complete])
        // What is missing counts from the oldest one on that can be restored.
        #expect(report.verdict == .verified, "\(report.checks)")
        try Tool.run("rm", ["-r", directory.file("wal")])
        mkdir(wal, 0o755)
        let empty = try check()
        #expect(empty.verdict == .inconclusive)
        #expect(empty.decisive?.reason == .walBehind)
    }

    // MARK: Wrong segments

    @Test func aSegmentOfAnotherClusterIsForeign() throws {
        let other = try ArchivingServer()
        try other.write(transactions: 10)
        // Between those of the archive, and under the name of one of them.
        let names = try TestFile.names(in: other.archive).filter { $0.count == 24 }
        let stranger = "\(other.archive)/\(try #require(names.last))"
        try Tool.run("cp", [stranger, path(2)])
        let report = try check()
        #expect(verdicts(report) == ["segments failed wal-gap", "first-pages failed wal-foreign"])
        #expect(report.checks.last?.message.contains(segment(2)) == true)
        #expect(report.checks.last?.message.contains(try other.systemIdentifier) == true)
        #expect(report.bases.first?.missing == [.init(first: segment(2), last: segment(2), count: 1)])
        // What lies before the oldest base backup is nobody's concern.
        try Tool.run("cp", ["-a", "\(original.directory.file("wal"))/\(segment(2))", wal])
        let older = try #require(try TestFile.names(in: wal).first { $0.count == 24 })
        #expect(older < segment(0))
        try Tool.run("cp", [stranger, "\(wal)/\(older)"])
        #expect(try check().verdict == .verified)
    }

    /// initdb ran again, and archive_command stayed as it was.
    @Test func aClusterThatWasMadeAnewWritesOverTheOldOne() throws {
        let anew = try ArchivingServer()
        try anew.write(transactions: 10)
        try Tool.run("cp", ["-a", original.directory.file("base"), directory.file("base")])
        try anew.baseBackup([], to: directory.file("base/anew"))
        _ = try anew.archiveAll()
        try Tool.shell("cp -a \"$1\"/* \"$2\"", [anew.archive, wal])
        let report = try check(base: directory.file("base"))
        #expect(report.decisive?.reason == .walForeign, "\(report.checks)")
        #expect(report.systemIdentifier.map { "\($0)" } == (try anew.systemIdentifier))
        let states = Dictionary(report.bases.map { ($0.path, $0.state) }) { $1 }
        #expect(states[directory.file("base/anew")] == .complete)
        #expect(states[directory.file("base/monday")] == .foreign)
    }

    @Test func anEncryptedArchiveIsNotBlamed() throws {
        for name in try TestFile.names(in: wal) {
            try Tool.shell(
                "openssl enc -aes-256-cbc -pbkdf2 -k x -in \"$1\" -out \"$1.gz\" && rm \"$1\"", ["\(wal)/\(name)"])
        }
        let report = try check()
        #expect(
            verdicts(report) == [
                "segments verified", "first-pages inconclusive encrypted", "notes inconclusive unreadable",
            ])
        #expect(report.window.end == nil)
        unlink("\(path(2)).gz")
        // The names still tell: the base backup says how large a segment is.
        #expect(try check().bases.first?.missing == [.init(first: segment(2), last: segment(2), count: 1)])
    }

    @Test func aSegmentUnderAnothersNameIsFound() throws {
        try Tool.run("cp", [path(4), path(2)])
        let report = try check()
        #expect(verdicts(report) == ["segments failed wal-gap", "first-pages failed corrupt"])
        #expect(report.checks.last?.message.contains("\(segment(2)) holds segment \(segment(4))") == true)
    }

    @Test(arguments: [(0, Reason.emptyFile, "is empty"), (8192, .truncated, "is cut"), (20, .truncated, "is cut")])
    func aSegmentThatIsCutIsNoSegment(bytes: Int, reason: Reason, text: String) throws {
        try Tool.run("truncate", ["-s", "\(bytes)", path(2)])
        let report = try check()
        #expect(report.verdict == .failed)
        #expect(report.bases.first?.missingCount == 1)
        #expect(report.checks.last?.reason == reason)
        #expect(report.checks.last?.message.contains("\(segment(2)) \(text)") == true)
        // One that is being written just now is not cut, and not there either.
        try Tool.run("truncate", ["-s", "\(bytes)", path(original.segments.count - 1)])
        try Tool.run("cp", ["-a", "\(original.directory.file("wal"))/\(segment(2))", wal])
        #expect(try check(grace: .seconds(86_400)).verdict == .verified)
    }

    @Test func zerosAreNoSegment() throws {
        try Tool.shell("head -c 1048576 /dev/zero >\"$1\"", [path(2)])
        let report = try check()
        #expect(verdicts(report) == ["segments failed wal-gap", "first-pages failed corrupt"])
        #expect(report.checks.last?.message.contains("\(segment(2)) is no write-ahead log") == true)
    }

    // MARK: Compressed, prefixed, other versions

    @Test(arguments: [Compressor.gzip, .zstd, .lz4, .xz, .bzip2])
    func compressedSegmentsAreReadAsTheyAre(tool: Compressor) throws {
        for name in try TestFile.names(in: wal) {
            try tool.compress("\(wal)/\(name)")
            unlink("\(wal)/\(name)")
        }
        let report = try check()
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.first?.segments == UInt64(original.segments.count))
        #expect(try #require(report.window.end) >= original.newestCommit, "\(report.window)")
        // Cut in the middle: gzip says how long it must be, the others tell when they are unpacked.
        let file = "\(path(2)).\(tool.suffix)"
        try Tool.run("truncate", ["-s", "\(try TestFile.size(file) / 2)", file])
        let cut = try check { $0.isWhole = tool != .gzip }
        #expect(cut.verdict == .failed)
        #expect(cut.bases.first?.missing == [.init(first: segment(2), last: segment(2), count: 1)])
    }

    /// Barman's `compression` gives no ending to what it compresses.
    @Test(arguments: [Compressor.gzip, .zstd, .lz4, .xz, .bzip2])
    func compressedSegmentsMayHaveNoEnding(tool: Compressor) throws {
        for name in try TestFile.names(in: wal) where name.count == 24 {
            try Tool.run("mv", ["\(wal)/\(name)", directory.file("plain")])
            try tool.compress(directory.file("plain"), to: "\(wal)/\(name)")
        }
        let report = try check()
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.first?.segments == UInt64(original.segments.count))
        #expect(report.segmentSizeBytes == 1 << 20)
        #expect(try #require(report.window.end) >= original.newestCommit, "\(report.window)")
        try Tool.run("truncate", ["-s", "\(try TestFile.size(path(2)) / 2)", path(2)])
        let cut = try check { $0.isWhole = tool != .gzip }
        #expect(cut.verdict == .failed)
        #expect(cut.bases.first?.missing == [.init(first: segment(2), last: segment(2), count: 1)])
    }

    /// gzip in directories for prefixes, as Barman lays it out.
    @Test(arguments: [15, 18]) func eachMajorWithDirectoriesForPrefixes(major: Int) throws {
        let server = try ArchivingServer(major: major, layout: .prefixed)
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 200)
        let base = directory.file("base")
        let report = try Self.check(server.archive, base: base)
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.major == major)
        #expect(try #require(report.window.end) > #require(report.window.start), "\(report.window)")
        let newest = try #require(report.bases.first?.newest)
        let stored = "\(server.archive)/wals/0000000100000000"
        #expect(TestFile.exists("\(stored)/\(newest).gz"))
        let names = try TestFile.names(in: stored).filter { $0.count == 27 }
        let gone = names[names.count - 3]
        unlink("\(stored)/\(gone)")
        let gap = try Self.check(server.archive, base: base)
        #expect(gap.decisive?.reason == .walGap)
        #expect(gap.bases.first?.missing.map(\.first) == ["\(gone.dropLast(3))"])
    }

    @Test func linksAndCopiesCountOnce() throws {
        // A directory that leads back, and one segment stored twice.
        try Tool.run("ln", ["-s", wal, "\(wal)/again"])
        mkdir("\(wal)/copies", 0o755)
        try Tool.run("gzip", ["-k", path(1)])
        try Tool.run("mv", ["\(path(1)).gz", "\(wal)/copies"])
        let report = try check()
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.first?.segments == UInt64(original.segments.count))
        #expect(report.files.duplicates == 1)
    }

    @Test func withoutItsPgWaldumpTheTimesAreUnknown() throws {
        let report = try Self.check(wal, base: original.directory.file("base"), installations: [])
        #expect(report.verdict == .verified)
        #expect(report.window.end == nil)
        #expect(report.window.unknown == "pg_waldump of PostgreSQL 15 is not installed")
    }

    @Test func anArchiveThatCantBeListedIsNoEmptyOne() throws {
        #expect(throws: Obstacle.self) { try Self.check("/nonexistent/wal", base: nil) }
    }
}
