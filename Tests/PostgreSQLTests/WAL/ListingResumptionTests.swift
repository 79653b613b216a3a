import Backups
import Integrity
import Synchronization
import TestSupport
import Testing

@testable import PostgreSQL

/// Listings that go on where the last one ended, against listings of everything.
@Suite struct ListingResumptionTests {
    /// Names in order, as an object store lists them, and how many were told.
    private final class Names: WALArchiveSource {
        let name = "names"
        let resumes = true
        private let state: Mutex<(paths: [String], told: Int)>

        init(_ paths: some Sequence<String>) {
            state = Mutex((paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, 0))
        }

        var told: Int { state.withLock { $0.told } }

        func list(_ visit: (WALArchiveEntry) throws -> Void) throws { try list(after: "", visit) }

        func list(after start: String, _ visit: (WALArchiveEntry) throws -> Void) throws {
            for path in state.withLock({ $0.paths }) where start.utf8.lexicographicallyPrecedes(path.utf8) {
                state.withLock { $0.told += 1 }
                try visit(WALArchiveEntry(path: path, size: 1 << 24, modified: Timestamp(seconds: 1_800_000_000)))
            }
        }

        func open(_ path: String) throws -> any StoredBytes { throw Obstacle(.unreadable, path) }
    }

    private func listing(_ paths: some Sequence<String>) throws -> WALArchiveListing {
        try WALArchiveListing(Names(paths)).sorted()
    }

    /// All that a listing holds.
    private func content(_ listing: WALArchiveListing) -> Set<String> {
        var paths = Set(listing.histories.values.joined().map(\.path) + listing.backups.map(\.path))
        for (timeline, segments) in listing.segments {
            paths.formUnion(segments.map { listing.path($0, timeline: timeline) })
        }
        for (timeline, segments) in listing.partials {
            paths.formUnion(segments.map { listing.path($0, timeline: timeline, isPartial: true) })
        }
        return paths
    }

    enum Layout: String, CaseIterable { case flat, prefixed, numbered, digested }

    private func path(_ name: WALSegmentName, _ layout: Layout) -> String {
        switch layout {
        case .flat: "\(name)"
        case .prefixed: "wals/\("\(name)".prefix(16))/\(name).gz"
        case .numbered: "wal_005/\(name).lz4"
        case .digested:
            "15-1/\("\(name)".prefix(16))/\(name)-\(String(repeating: "0123456789", count: 4)).zst"
        }
    }

    private func notes(_ file: String, _ name: WALSegmentName, _ layout: Layout) -> String {
        switch layout {
        case .flat: file
        case .prefixed: file.hasSuffix(".history") ? "wals/\(file)" : "wals/\("\(name)".prefix(16))/\(file)"
        case .numbered: "wal_005/\(file).lz4"
        case .digested: file.hasSuffix(".history") ? "15-1/\(file)" : "15-1/\("\(name)".prefix(16))/\(file)"
        }
    }

    private func segments(_ timeline: UInt32, _ numbers: Range<UInt64>) -> [WALSegmentName] {
        numbers.map { WALSegmentName(timeline: timeline, number: $0, size: .usual) }
    }

    @Test(arguments: Layout.allCases) func whatIsNewIsSeenAndLittleIsListed(layout: Layout) throws {
        // Two timelines, over more than one directory of prefixes.
        var paths = Set((segments(1, 1..<3000) + segments(2, 2999..<5000)).map { path($0, layout) })
        let last = try #require(segments(2, 4999..<5000).first)
        paths.insert(notes("00000002.history", last, layout))
        let known = try listing(paths)
        #expect(content(known) == paths)
        let resumption = try #require(ListingResumption(known, overlap: 10))
        let same = Names(paths)
        #expect(content(try #require(try resumption.listing(of: same))) == paths)
        #expect(same.told < 30)

        // New segments into the next directory, one that came late, notes of a base backup, and the next timeline.
        paths.formUnion(segments(2, 5000..<5300).map { path($0, layout) })
        paths.remove(path(try #require(segments(2, 5200..<5201).first), layout))
        paths.formUnion(segments(3, 5299..<5310).map { path($0, layout) })
        paths.insert(notes("00000003.history", last, layout))
        paths.insert(notes("\(last).00000028.backup", last, layout))
        let grown = Names(paths)
        let resumed = try #require(try resumption.listing(of: grown))
        #expect(content(resumed) == paths)
        #expect(resumed.segmentCount == UInt64(paths.count - 3))
        #expect(grown.told < 400)
        paths.insert(path(try #require(segments(2, 5200..<5201).first), layout))
        let next = try #require(ListingResumption(resumed, overlap: 200))
        #expect(content(try #require(try next.listing(of: Names(paths)))) == paths)
    }

    @Test func whatDoesNotFitIsListedInFull() throws {
        let paths = segments(1, 1..<100).map(\.description) + ["000000010000000000000060.00000028.backup"]
        let resumption = try #require(ListingResumption(try listing(paths), overlap: 20))
        // Retention at the beginning is seen at the next sweep.
        #expect(content(try #require(try resumption.listing(of: Names(paths.dropFirst(5))))) == Set(paths))
        for gone in [90, 99] {
            #expect(try resumption.listing(of: Names(paths.filter { $0 != paths[gone] })) == nil)
        }
        #expect(try resumption.listing(of: Names(paths + ["notes.txt"])) == nil)
        #expect(try resumption.listing(of: Names([])) == nil)
    }

    @Test func mixedOrEmptyArchivesAreListedInFull() throws {
        #expect(ListingResumption(try listing([]), overlap: 10) == nil)
        #expect(ListingResumption(try listing(["00000002.history"]), overlap: 10) == nil)
        let flat = segments(1, 1..<600).map { path($0, .flat) }
        let prefixed = segments(1, 1..<600).map { "\("\($0)".prefix(16))/\($0)" }
        #expect(ListingResumption(try listing(flat + prefixed), overlap: 10) == nil)
        // Copies in a directory of their own are in nobody's way.
        let copies = flat + flat.map { "copies/\($0)" }
        let resumption = try #require(ListingResumption(try listing(copies), overlap: 10))
        let archive = Names(copies)
        #expect(content(try #require(try resumption.listing(of: archive))) == Set(copies))
        #expect(archive.told < 30)
    }
}
