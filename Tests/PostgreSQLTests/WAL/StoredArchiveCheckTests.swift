import Backups
import Glibc
import Locations
import TestSupport
import Testing

@testable import PostgreSQL

/// Looks at an archive in a bucket that follow each other: what is asked of the store, and what is said in between.
@Suite struct StoredArchiveCheckTests {
    @Test func betweenSweepsOnlyWhatIsNewIsListed() throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let proxy = try FaultProxy(before: store.port)
        let server = try ArchivingServer(layout: .prefixed, into: bucket.path("wal"))
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        try server.write(transactions: 100)
        let archive = try KnownLocations(environment: store.environment(endpoint: proxy.endpoint)).archive(
            "\(bucket.address)/wal")
        var memory = ArchiveMemory()
        /// - Parameter age: seconds after now.
        func look(age: Int64 = 0, grace: Duration = .zero) throws -> (report: WALArchiveReport, sweeps: Int) {
            usleep(S3Server.memory)
            var options = WALArchiveCheck.Options()
            (options.grace, options.overlap, options.readsTimes) = (grace, 3, false)
            let before = proxy.requests.count
            let report = try WALArchiveCheck(
                archive: archive, bases: WALDirectory(directory.file("base")), options: options,
                scratch: TestScratch.configuration(), installations: { Installations.find() },
                now: Timestamp(seconds: Timestamp.now().seconds + age)
            ).run(knowing: &memory)
            let listings = proxy.requests.dropFirst(before).filter { $0.target.contains("list-type") }
            #expect(!listings.isEmpty)
            return (report, listings.count { !$0.target.contains("start-after") })
        }
        let first = try look()
        #expect(first.report.verdict == .verified, "\(first.report.checks)")
        #expect(first.sweeps == 1)
        let again = try look(age: 3000)
        #expect(again.report.bases == first.report.bases)
        #expect(again.sweeps == 0)
        for _ in 0..<2 { try server.write(transactions: 50) }
        let grown = try look(age: 3000)
        #expect(grown.report.verdict == .verified)
        #expect(grown.report.files.segments > first.report.files.segments)
        #expect(grown.sweeps == 0)
        #expect(try look(age: 3700).sweeps == 1)

        // One that was late when all was listed, and came before the place where listings go on: no gap is told of it.
        let base = try #require(first.report.bases.first)
        let names = try TestFile.names(in: bucket.path("wal/wals/0000000100000000")).filter { $0.count == 27 }
        let needed = names.filter { $0.prefix(24) > base.newest ?? "" }
        #expect(needed.count > 6)
        let late = bucket.path("wal/wals/0000000100000000/\(needed[0])")
        try Tool.run("mv", [late, directory.file("late")])
        let waiting = try look(age: 10_000, grace: .seconds(100_000))
        #expect(waiting.report.verdict == .verified)
        #expect(waiting.report.bases.first?.lateCount == 1)
        try Tool.run("mv", [directory.file("late"), late])
        let come = try look(age: 10_100)
        #expect(come.report.verdict == .verified, "\(come.report.checks)")
        #expect(come.sweeps == 1)
        // One that goes there is seen when all is listed the next time, or at once where anything else is amiss.
        try Tool.run("mv", [late, directory.file("late")])
        #expect(try look(age: 10_200).report.verdict == .verified)
        let gap = try look(age: 13_800)
        #expect(gap.report.decisive?.reason == .walGap)
        #expect(gap.sweeps == 1)
        // A gap is confirmed each time, and ends at once.
        #expect(try look(age: 13_900).sweeps == 1)
        try Tool.run("mv", [directory.file("late"), late])
        let closed = try look(age: 14_000)
        #expect(closed.report.verdict == .verified)
        #expect(closed.sweeps == 1)
    }

    /// First pages are looked at side by side.
    @Test func whatCantBeReplayedIsFoundInABucketToo() throws {
        let store = try S3Server.shared()
        let bucket = try store.makeBucket()
        let proxy = try FaultProxy(before: store.port)
        let server = try ArchivingServer(layout: .prefixed, into: bucket.path("wal"))
        let directory = try TemporaryDirectory()
        try server.write(transactions: 20)
        try server.baseBackup([], to: directory.file("base"))
        for _ in 0..<3 { try server.write(transactions: 50) }
        let archive = try KnownLocations(environment: store.environment(endpoint: proxy.endpoint)).archive(
            "\(bucket.address)/wal")
        var memory = ArchiveMemory()
        func look() throws -> WALArchiveReport {
            usleep(S3Server.memory)
            var options = WALArchiveCheck.Options()
            (options.grace, options.readsTimes) = (.zero, false)
            return try WALArchiveCheck(
                archive: archive, bases: WALDirectory(directory.file("base")), options: options,
                scratch: TestScratch.configuration(), installations: { Installations.find() }, now: .now()
            ).run(knowing: &memory)
        }
        let stored = bucket.path("wal/wals/0000000100000000")
        let names = try TestFile.names(in: stored).filter { $0.count == 27 }
        let name = names[names.count - 4]
        // A segment that is stored anew is known by its time.
        try Tool.shell(#"touch -d '1 minute ago' "$1"/*"#, [stored])
        // Not to be had is not damaged, and not remembered.
        proxy.plan([.answer(status: 403, body: "")], where: { $0.target.contains(name) && $0.method == "GET" })
        let denied = try look()
        #expect(denied.decisive?.name == "first-pages", "\(denied.checks)")
        #expect(denied.verdict == .inconclusive)
        let whole = try look()
        #expect(whole.verdict == .verified, "\(whole.checks)")
        #expect(whole.checks.last?.message.contains("\(whole.bases.first?.segments ?? 0) segments") == true)
        let asked = proxy.requests.count
        #expect(try look().verdict == .verified)
        // A page or two of the listing, and the newest segment.
        #expect(proxy.requests.count - asked < 10)

        try Tool.run("truncate", ["-s", "-100", "\(stored)/\(name)"])
        let cut = try look()
        #expect(cut.decisive?.reason == .walGap)
        #expect(cut.checks.last?.message.contains(name) == true, "\(cut.checks)")
        #expect(cut.bases.first?.missing.map(\.first) == ["\(name.dropLast(3))"])
    }
}
