package import Backups
import Glibc
package import Processes
import Synchronization

/// Hands a recovery the files that its `restore_command` asks for, from an archive wherever it lies and however it is
/// packed, and fetches those that come next before they are asked for.
///
/// Asked for a file that the archive lacks, `restore_command` "must return nonzero when so asked. This is not an error
/// condition": recovery takes it for the end of the log, promotes, and looks fine. Only a command that was ended by a signal, or by
/// "an error by the shell (such as command not found)", an exit status above 125, ends recovery (PostgreSQL's
/// documentation, "Continuous Archiving and Point-in-Time Recovery": 25.3, until 15 26.3; `RestoreArchivedFile` in
/// `src/backend/access/transam/xlogarchive.c`). So `nil` here means that absence is proved: exit status 1; all that is
/// thrown must become one above 125.
///
/// Like pgBackRest's asynchronous `archive-get`, threads of its own fill a bounded queue on disk, which is begun anew where
/// recovery jumps; an error of what nobody asked for yet is none: it is fetched again when it is asked for. Blocking; one
/// thread at a time asks.
package final class WALSupply: Sendable {
    package struct Options: Sendable {
        /// Most segments that are fetched before they are asked for.
        package var ahead = 8
        /// Most bytes that they may fill; one is always fetched ahead.
        package var aheadBytes: UInt64 = 512 << 20
        package var threads = 4
        /// Of the cluster that is recovered; `nil`: that of the first segment that is asked for.
        package var systemIdentifier: UInt64?
        /// Whose the files are to be; `nil`: this user's.
        package var owner: ProcessUser?
        /// A file that is cut, and was stored within this time, is still being written: an ``Obstacle``, and no damage.
        package var grace = WALArchiveCheck.Options().grace

        package init() {}
    }

    private struct State {
        var listing: WALArchiveListing
        var expected: ExpectedSegments
        /// Fetched or being fetched, and not asked for yet.
        var fetches: [WALSegmentName: SupplyFetch] = [:]
        /// The file that was handed over last.
        var current: (name: String, path: String)?
        var files: UInt64 = 0
        var tally = SupplyTally()
    }

    private let fetcher: ArchiveFetcher
    private let directory: String
    private let options: Options
    private let cancellation: Cancellation
    /// Ends what is under way when nobody asks any more.
    private let ending: Cancellation
    private let token: UInt64
    private let crew: SupplyCrew
    private let state: Mutex<State>
    /// As the archive was when recovery began.
    private let first: WALArchiveListing

    /// - Parameters:
    ///   - cacheDirectory: a directory of its own, on the file system that the recovered cluster lies on.
    ///   - listing: of this archive, where it was just made.
    /// - Throws: ``Obstacle`` when the archive can't be listed, or nothing be written to the directory.
    package init(
        _ archive: any WALArchiveSource, cacheDirectory: String, options: Options = Options(),
        listing: WALArchiveListing? = nil, now: @escaping @Sendable () -> Timestamp = { .now() },
        cancellation: Cancellation
    ) throws {
        guard mkdir(cacheDirectory, 0o700) == 0 || errno == EEXIST else {
            throw DirectoryTree.obstacle("made", cacheDirectory)
        }
        let ending = Cancellation()
        let source = archive.ended(by: ending)
        token = cancellation.onCancel {
            ending.cancel(cancellation.obstacle ?? Obstacle(.interrupted, "recovery was ended"))
        }
        do {
            first = try listing?.sorted() ?? WALArchiveListing(source).sorted()
            state = Mutex(
                State(listing: first, expected: ExpectedSegments(systemIdentifier: options.systemIdentifier)))
        } catch {
            cancellation.removeHandler(token)
            throw error
        }
        fetcher = ArchiveFetcher(
            archive: source, owner: options.owner, grace: options.grace, now: now, cancellation: ending)
        directory = cacheDirectory
        crew = SupplyCrew(threads: options.threads)
        (self.options, self.cancellation, self.ending) = (options, cancellation, ending)
    }

    deinit { close() }

    /// Ends the threads, and removes what is in the cache. To be called when nobody asks any more.
    package func close() {
        cancellation.removeHandler(token)
        ending.cancel(Obstacle(.interrupted, "recovery is over"))
        let (fetches, current) = state.withLock { state in
            defer { (state.fetches, state.current) = ([:], nil) }
            return (state.fetches, state.current)
        }
        for fetch in fetches.values { fetch.abandon() }
        crew.end()
        if let current { unlink(current.path) }
    }

    /// What was handed over so far. From any thread.
    package var tally: SupplyTally { state.withLock { $0.tally } }

    /// The file of that name, whole and unpacked.
    /// - Parameter name: as `restore_command`'s `%f`.
    /// - Returns: where it lies until another one is asked for: the caller may rename or link it. `nil` when it is proved
    ///   that the archive does not hold it.
    /// - Throws: ``ContentDamage`` for a file that is there and can't be replayed; ``Obstacle`` when nobody can tell.
    package func file(_ name: String) throws -> String? {
        let start = ContinuousClock.now
        defer { state.withLock { $0.tally.waited += ContinuousClock.now - start } }
        try cancellation.check()
        guard let file = WALFileName(name) else {
            throw Obstacle(.internalError, "\(name) is no file that recovery asks an archive for")
        }
        if let path = keepCurrent(name) { return path }
        guard case .segment(let timeline, let high, let low) = file else { return try fetch(name, file) }
        let segment = WALSegmentName(timeline: timeline, high: high, low: low)
        let begun = state.withLock { $0.fetches.removeValue(forKey: segment) }
        fetchAhead(of: segment)
        if let begun {
            // Where no thread has come to it yet there is no use in waiting for one.
            begun.run()
            do {
                return handOver(name, try begun.wait(cancellation), isSegment: true)
            } catch {
                begun.abandon()
                try cancellation.check()
            }
        }
        return try fetch(name, file)
    }

    // MARK: Ahead

    /// Has the segments after `name` fetched; what was fetched and is none of them goes.
    private func fetchAhead(of name: WALSegmentName) {
        let (unwanted, wanted) = state.withLock { state -> ([SupplyFetch], [SupplyFetch]) in
            // Nothing says how large segments are before the first one.
            guard let identity = state.expected.identity else { return ([], []) }
            let room = max(1, Int(clamping: options.aheadBytes / identity.size.bytes))
            let names = state.listing.names(after: name, atMost: min(options.ahead, room))
            let unwanted = state.fetches.filter { !names.contains($0.key) }
            for name in unwanted.keys { state.fetches[name] = nil }
            var wanted: [SupplyFetch] = []
            for name in names where state.fetches[name] == nil {
                let fetch = makeFetch(name, &state)
                state.fetches[name] = fetch
                wanted.append(fetch)
            }
            return (Array(unwanted.values), wanted)
        }
        for fetch in unwanted { fetch.abandon() }
        for fetch in wanted { crew.append(fetch) }
    }

    private func makeFetch(_ name: WALSegmentName, _ state: inout State) -> SupplyFetch {
        let copies = state.listing.copies(of: .segment(timeline: name.timeline, high: name.high, low: name.low))
        let expected = state.expected
        return SupplyFetch(name, to: newPath(name.description, &state)) { [fetcher] path in
            _ = try fetcher.fetchSegment(copies, of: name, by: expected, to: path)
        }
    }

    // MARK: Now

    /// As the archive was listed; where that does not lead to the file, as it is now.
    private func fetch(_ name: String, _ file: WALFileName) throws -> String? {
        let known = state.withLock { $0.listing.copies(of: file) }
        var failure: (any Error)?
        if !known.isEmpty {
            do {
                return try fetch(known, name, file)
            } catch {
                failure = error
                try cancellation.check()
            }
        }
        let found = try look(for: name, file)
        if found.isEmpty {
            if !known.isEmpty || wasThere(file) { throw vanished(name) }
            return nil
        }
        if let failure, found == known { throw failure }
        return try fetch(found, name, file)
    }

    /// That it is gone is no absence: without its segments a log ends where it does not end, and without its history a timeline is
    /// not followed. What lies under another name now, packed since, was found.
    private func wasThere(_ file: WALFileName) -> Bool {
        switch file {
        case .segment, .history: !first.copies(of: file).isEmpty
        case .partial, .backup: false
        }
    }

    private func vanished(_ name: String) -> Obstacle {
        Obstacle(
            .vanished, "\(name) was in the archive when the recovery began, and is not there any more",
            hint: "It may have expired meanwhile: drill again, with a newer base backup.")
    }

    private func fetch(_ copies: [WALArchiveListing.Listed], _ name: String, _ file: WALFileName) throws -> String {
        let (path, expected) = state.withLock { (newPath(name, &$0), $0.expected) }
        switch file {
        case .segment(let timeline, let high, let low), .partial(let timeline, let high, let low):
            let segment = WALSegmentName(timeline: timeline, high: high, low: low)
            let header = try fetcher.fetchSegment(copies, of: segment, by: expected, to: path)
            state.withLock { state in
                state.expected.identity =
                    state.expected.identity
                    ?? SegmentCensus.Identity(
                        size: header.segmentSize,
                        systemIdentifier: options.systemIdentifier ?? header.systemIdentifier, major: header.major)
            }
        case .history(let timeline):
            var history: TimelineHistory?
            try fetcher.fetchNote(copies, to: path) { text in
                history = try TimelineHistory(timeline: timeline, text: text)
            }
            state.withLock { $0.expected.histories[timeline] = history }
        case .backup: try fetcher.fetchNote(copies, to: path) { _ in }
        }
        if case .segment = file { return handOver(name, path, isSegment: true) }
        return handOver(name, path, isSegment: false)
    }

    /// Where the file lies now. Where an object store is asked, a page of its listing for each place in which it may lie;
    /// else everything is listed again.
    private func look(for name: String, _ file: WALFileName) throws -> [WALArchiveListing.Listed] {
        let archive = fetcher.archive
        let (isEmpty, directories) = state.withLock { state in
            (state.listing.segmentCount == 0, state.listing.directories(for: name))
        }
        if archive.resumes, !isEmpty {
            var seen = WALArchiveListing()
            for directory in directories {
                try archive.list(beginningWith: directory + name) { seen.add($0) }
            }
            let found = seen.sorted().copies(of: file)
            let known = state.withLock { $0.listing.copies(of: file) }
            // The archive grows: what comes after this one is there already, perhaps.
            guard !found.isEmpty, known.isEmpty else { return found }
        }
        let listing = try WALArchiveListing(archive).sorted()
        state.withLock { $0.listing = listing }
        return listing.copies(of: file)
    }

    // MARK: Handing over

    /// The file that was handed over last, if it is asked for again and still there; any other one goes.
    private func keepCurrent(_ name: String) -> String? {
        guard let current = state.withLock({ $0.current }) else { return nil }
        if current.name == name, access(current.path, F_OK) == 0 { return current.path }
        state.withLock { $0.current = nil }
        unlink(current.path)
        return nil
    }

    private func handOver(_ name: String, _ path: String, isSegment: Bool) -> String {
        state.withLock { state in
            state.current = (name, path)
            guard isSegment else { return }
            state.tally.segments += 1
            state.tally.bytes += state.expected.identity?.size.bytes ?? 0
        }
        return path
    }

    /// Never one that was used before: a thread may still be about to remove that.
    private func newPath(_ name: String, _ state: inout State) -> String {
        state.files += 1
        return "\(directory)/\(name).\(state.files)"
    }
}
