import Backups

/// Reads a directory archive: `toc.dat`, a file for the data of each table, one for each large object, and lists of
/// those. Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_directory.c.
struct DirectoryArchive {
    /// What was found.
    struct Findings {
        var toc: ArchiveTOC
        var tally: ArchiveTally
        var facts: StoredFacts
        /// Whether table of contents and lists of large objects carry checksums, too: somebody compressed them.
        var listsHaveChecksum: Bool
        /// Names that do not belong to the archive.
        var strangers: [String]
        var fileCount: Int
    }

    private static let tableOfContents = "toc.dat"

    private let listing: DirectoryListing
    private let meter: ContentMeter
    private let progress: ByteProgress
    private let cancellation: Cancellation
    private var files: [DirectoryDigest.Line] = []
    private var listsHaveChecksum = true
    private var tasks: [DirectoryTask] = []
    private var missing: [String] = []

    /// Reads a whole archive.
    /// - Throws: ``ContentDamage``, or ``Obstacle`` when it could not be read.
    static func read(
        _ path: String, threads: Int, limits: IntegrityLimits, progress: ByteProgress, cancellation: Cancellation
    ) throws -> Findings {
        let listing = try DirectoryListing(path)
        progress.begin(total: listing.totalSize)
        defer { progress.end() }
        var archive = DirectoryArchive(
            listing: listing, meter: ContentMeter(limits), progress: progress, cancellation: cancellation)
        return try archive.read(threads: threads)
    }

    private init(
        listing: DirectoryListing, meter: ContentMeter, progress: ByteProgress, cancellation: Cancellation
    ) {
        self.listing = listing
        self.meter = meter
        self.progress = progress
        self.cancellation = cancellation
    }

    private mutating func read(threads: Int) throws -> Findings {
        guard let toc = try readSmall(Self.tableOfContents, { try TOCReader.read(from: $0, layout: .tar) }) else {
            throw ContentDamage("files", .missingFile, "the directory has no \(Self.tableOfContents)")
        }
        try plan(toc)
        try checkNoneMissing()
        // The largest first, so that the threads end at about the same time.
        tasks.sort { (listing.sizes[$0.file] ?? 0, $1.file) > (listing.sizes[$1.file] ?? 0, $0.file) }
        let workers = DirectoryWorkers(tasks, in: listing.path, toc.harvest, meter, progress, cancellation)
        let (tally, dataFiles) = try workers.run(threads: threads)
        files += dataFiles
        return Findings(
            toc: toc, tally: tally, facts: try DirectoryDigest.facts(of: files),
            listsHaveChecksum: listsHaveChecksum,
            strangers: listing.names.subtracting(files.map(\.name)).sorted(), fileCount: files.count)
    }

    /// What is to be read.
    private mutating func plan(_ toc: ArchiveTOC) throws {
        var largeObjects = try LargeObjectLedger(toc)
        var taken: Set<String> = []
        for entry in toc.entries where entry.hasData {
            if entry.isLargeObjects {
                try planLargeObjects(LargeObjectList.fileName(of: entry, toc.header.version), &largeObjects)
            } else if case .file(let name) = entry.data {
                guard taken.insert(name).inserted else {
                    throw ContentDamage("toc", .corrupt, "two entries share the file \(name)")
                }
                planFile(name, entry)
            }
        }
        try largeObjects.checkAllMet()
    }

    private mutating func planLargeObjects(_ name: String, _ largeObjects: inout LargeObjectLedger) throws {
        guard let list = try readSmall(name, { try LargeObjectList(from: $0) }) else {
            missing.append(name)
            return
        }
        for file in list.files {
            try largeObjects.meet(file.identifier)
            planFile(file.name, nil)
        }
    }

    private mutating func planFile(_ name: String, _ entry: TOCEntry?) {
        if let (file, compression) = listing.file(for: name) {
            tasks.append(DirectoryTask(entry: entry, file: file, compression: compression))
        } else {
            missing.append(name)
        }
    }

    private func checkNoneMissing() throws {
        guard let first = missing.first else { return }
        let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw ContentDamage("files", .missingFile, "the directory has no file \(first)\(others)")
    }

    /// Reads a list through.
    /// - Returns: `nil` when there is no such file.
    private mutating func readSmall<Value>(
        _ name: String, _ body: (ArchiveInput) throws -> Value
    ) throws -> Value? {
        guard let (fileName, compression) = listing.file(for: name) else { return nil }
        let file = try DirectoryFile("\(listing.path)/\(fileName)", compression, progress, cancellation)
        let input = ArchiveInput(
            MeteredReader(file.content, meter), name: fileName, size: nil, cancellation: cancellation)
        let value = try body(input)
        guard try input.isAtEnd() else { throw input.damage("toc", .trailingBytes, "bytes follow the end of the list") }
        listsHaveChecksum = listsHaveChecksum && file.hasChecksum
        files.append(DirectoryDigest.Line(name: fileName, facts: try file.finish()))
        return value
    }
}
