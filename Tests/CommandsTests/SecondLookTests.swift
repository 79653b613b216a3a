import Backups
import Logging
import Settings
import Synchronization
import TestSupport
import Testing
import Verification

@testable import Commands
@testable import Daemon

/// A one-shot run on a file server: what is wrong with a backup is held against it when it has held still for a minute.
@Suite struct SecondLookTests {
    /// What happens while somebody waits.
    enum Meanwhile: CaseIterable {
        case nothing, itGrows, itIsGone, theWaitIsCutShort
    }

    private let directory: TemporaryDirectory
    private let backup: String
    private let told = BlockingWords()

    /// What was said and how long was waited for.
    private final class BlockingWords: Sendable {
        let state = Mutex<(sentences: [String], waits: [Duration])>(([], []))
    }

    private static let begin = """
        --
        -- PostgreSQL database dump
        --

        -- Dumped from database version 15.18
        -- Dumped by pg_dump version 15.18

        SET client_encoding = 'UTF8';

        CREATE TABLE public.t (
            a integer
        );

        COPY public.t (a) FROM stdin;
        1

        """

    private static let dump =
        begin + """
            \\.

            --
            -- PostgreSQL database dump complete
            --


            """

    init() throws {
        directory = try TemporaryDirectory()
        try Tool.run("mkdir", [directory.file("backups")])
        backup = try directory.write(Self.dump, to: "backups/shop.sql")
        try Tool.run("touch", ["-d", "1 hour ago", backup])
    }

    /// As a file server shows it.
    private func found(hasOwnTime: Bool = false) throws -> ConfiguredBackups {
        let configuration = try Configuration.parse(
            "databases: [{ name: shop, backups: { location: \(directory.file("backups")) } }]", file: "t")
        let reader = CatalogReader(list: { location in
            var listing = try CatalogReader.survey(location)
            listing.hasOwnTime = hasOwnTime
            return listing
        })
        return try #require(ConfiguredBackups.of(configuration.databases, by: reader).first)
    }

    private func verify(
        _ found: ConfiguredBackups, firstSeen: ContinuousClock.Instant = .now, meanwhile: Meanwhile = .nothing
    ) throws -> VerificationReport {
        let backup = try #require(try found.found.get().first)
        var look = SecondLook(backup: backup.identity, settings: found.settings, firstSeen: firstSeen)
        let (told, path) = (told, self.backup)
        look.tell = { sentence in told.state.withLock { $0.sentences.append(sentence) } }
        look.wait = { duration, _ in
            told.state.withLock { $0.waits.append(duration) }
            switch meanwhile {
            case .nothing: return true
            case .itGrows: return (try? Tool.shell("echo more >> \"$1\"", [path])) != nil
            case .itIsGone: return (try? Tool.run("rm", [path])) != nil
            case .theWaitIsCutShort: return false
            }
        }
        var request = VerificationRequest(backup: backup.identity.path)
        request.until = .integrity
        request.isFinished = { [look] in look.hasHeldStill($0) }
        return DumpVerification(
            request, progress: SilentProgress(), cancellation: Cancellation(),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run()
    }

    private func cut() throws {
        _ = try directory.write(Self.begin, to: "backups/shop.sql")
        try Tool.run("touch", ["-d", "1 hour ago", backup])
    }

    @Test func nobodyWaitsForWhatIsWhole() throws {
        #expect(try verify(try found()).conclusion.verdict == .verified)
        #expect(told.state.withLock { $0.waits.isEmpty && $0.sentences.isEmpty })
    }

    @Test(arguments: Meanwhile.allCases) func whatHeldStillIsJudged(meanwhile: Meanwhile) throws {
        try cut()
        let conclusion = try verify(try found(), meanwhile: meanwhile).conclusion
        #expect(conclusion.verdict == (meanwhile == .nothing ? .failed : .inconclusive))
        #expect(conclusion.reason == (meanwhile == .nothing ? .truncated : .changedWhileReading))
        let (sentences, waits) = told.state.withLock { $0 }
        #expect(waits.count == 1 && waits.allSatisfy { $0 > .zero && $0 <= .seconds(60) })
        #expect(sentences.count == 1 && sentences.allSatisfy { $0.contains("shop.sql") && $0.contains("waiting") })
    }

    /// The verification itself took as long: nobody has to wait any more.
    @Test func theMinuteMayBeOver() throws {
        try cut()
        let report = try verify(try found(), firstSeen: .now - .seconds(60), meanwhile: .itGrows)
        #expect(report.conclusion.verdict == .failed && told.state.withLock { $0.waits.isEmpty })
    }

    /// Where the times are our own it is known at once.
    @Test func onlyAFileServerIsLookedAtTwice() throws {
        let (own, foreign) = (try found(hasOwnTime: true), try found())
        let backup = try #require(try own.found.get().first)
        #expect(own.question(about: backup) == nil && foreign.question(about: backup) != nil)
        // A moment old: nobody waits for it, and it is blamed for nothing.
        try Tool.run("touch", [self.backup])
        let young = try found(hasOwnTime: true)
        let question = young.question(about: try #require(try young.found.get().first))
        #expect(question.map { $0(Cancellation()) } == false)
    }
}
