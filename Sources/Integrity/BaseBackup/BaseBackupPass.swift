package import Backups

/// Reads a base backup through once: every file held against `backup_manifest` while its bytes come by, tars unpacked and
/// directories copied on the way where that is asked for.
///
/// Blocking: call it on a thread of its own.
package struct BaseBackupPass {
    private let place: BaseBackupPlace
    private let destination: String?
    private let threads: Int
    private let limits: IntegrityLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation
    /// Files and directories that whoever copied the backup leaves out: what the manifest lists there may be missing.
    package var leftOut: [DataPath] = []
    private let doubts = BaseBackupDoubts()

    /// - Parameters:
    ///   - place: where the backup lies.
    ///   - destination: an empty directory, by its real path, that becomes a data directory; `nil` when nothing is to be
    ///     unpacked. What is in it after a throw, or when files differ, is of no use.
    package init(
        _ place: BaseBackupPlace, destination: String? = nil, threads: Int = 2,
        limits: IntegrityLimits = IntegrityLimits(),
        progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation = Cancellation()
    ) {
        self.place = place
        self.destination = destination
        self.threads = threads
        self.limits = limits
        self.progress = progress
        self.cancellation = cancellation
    }

    /// A backup in a directory of this machine.
    package init(
        path: String, destination: String? = nil, threads: Int = 2, limits: IntegrityLimits = IntegrityLimits(),
        progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation = Cancellation()
    ) {
        self.init(
            .directory(path), destination: destination, threads: threads, limits: limits, progress: progress,
            cancellation: cancellation)
    }

    /// Once only.
    /// - Throws: ``ContentDamage`` where a tar or the manifest can't be understood, ``Obstacle`` where something could not
    ///   be read or written, or was damaged on its way here. Files that differ from the manifest are in the result.
    package func run() throws -> BaseBackupResult {
        let result = Result { try read() }
        let isDamaged =
            switch result {
            case .success(let found): found.allChecks.contains { $0.verdict == .failed }
            case .failure(let error): error is ContentDamage
            }
        if isDamaged { try doubts.resolve(progress: progress, cancellation: cancellation) }
        return try result.get()
    }

    private func read() throws -> BaseBackupResult {
        let files = try place.files(cancellation)
        let names = try files.names()
        guard let layout = BaseBackupLayout(names: names.keys) else {
            throw Obstacle(
                .unsupportedFormat, "\(files.name) is no base backup: it has neither PG_VERSION nor base.tar")
        }
        if let obstacle = BaseBackupLayout.obstacle(names: names.keys) { throw obstacle }
        let manifest = try readManifest(files, names)
        if layout == .plain, let manifest, try ForeignManifest(files, names).isOne(manifest) {
            var result = try read(files, names, layout, nil, to: destination)
            result.noteForeignManifest()
            return result
        }
        let result = try read(files, names, layout, manifest, to: destination)
        // Of `pg_basebackup -Ft -D -`: it comes last, and says only then what the files must be. They are read once more.
        guard manifest == nil, let carried = result.seen.carriedManifest else { return result }
        let late = try carried.withUnsafeBytes { try BaseBackupManifest($0) }
        return try read(files, names, layout, late, to: nil)
    }

    private func read(
        _ files: any BaseBackupFiles, _ names: [String: UInt64], _ layout: BaseBackupLayout,
        _ manifest: BaseBackupManifest?, to destination: String?
    ) throws -> BaseBackupResult {
        let ledger = try BaseBackupLedger(manifest, leftOut: leftOut)
        let wal = CarriedWAL(manifest?.walRanges ?? [])
        let unproved = files.isOverLine && manifest?.hasChecksums != true ? UnprovedFiles(files) : nil
        var seen =
            switch layout {
            case .plain: try readPlain(files, destination, ledger, wal, unproved)
            case .tar(let tars): try readTars(tars, files, names, destination, ledger, wal, unproved)
            }
        seen.storedBytes += names[BaseBackupManifest.fileName] ?? 0
        let flaws = ledger.finish()
        // Which files there are, and how large they are, the store itself says.
        if layout == .plain, flaws.contains(where: { $0.reason != .checksumMismatch }) { doubts.add([]) }
        return BaseBackupResult(
            manifest: manifest, layout: layout, seen: seen, flaws: flaws, wal: wal.check(), unproved: unproved)
    }

    private func readManifest(_ files: any BaseBackupFiles, _ names: [String: UInt64]) throws -> BaseBackupManifest? {
        guard let size = names[BaseBackupManifest.fileName] else { return nil }
        try BaseBackupManifest.checkSize(size)
        let bytes = try files.content(BaseBackupManifest.path, most: Int(size) + 1)
        do {
            return try bytes.withUnsafeBytes { try BaseBackupManifest($0) }
        } catch let damage as ContentDamage {
            doubts.add(try files.doubted(BaseBackupManifest.path, content: bytes))
            throw damage
        }
    }

    private func readPlain(
        _ files: any BaseBackupFiles, _ destination: String?, _ ledger: BaseBackupLedger, _ wal: CarriedWAL,
        _ unproved: UnprovedFiles?
    ) throws -> BaseBackupSeen {
        let tree = try files.tree()
        let backup = try PlainBaseBackup(files, tree, to: destination, ledger, doubts, unproved, cancellation)
        let sum = ByteProgress(progress)
        sum.begin(total: backup.bytes)
        defer { sum.end() }
        try backup.run(threads: max(threads, files.leastThreads), sum)
        let segments = tree.files.filter { WALSegmentFile.isOne($0.path) }
        var segmentsRead: [(path: DataPath, checksum: FileChecksum)] = []
        for segment in segments.sorted(by: { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }) {
            if let checksum = try read(segment, files, wal) { segmentsRead.append((segment.path, checksum)) }
        }
        // Where a record begins in one and ends in the next, either may be damaged.
        if wal.check()?.verdict == .failed {
            doubts.add(try segmentsRead.flatMap { try files.doubted($0.path, first: $0.checksum) })
        }
        var seen = BaseBackupSeen()
        seen.files = backup.files
        seen.bytes = backup.bytes
        seen.storedBytes = tree.files.reduce(0) {
            $0 + ($1.path.description == BaseBackupManifest.fileName ? 0 : $1.size)
        }
        let paths = Set(tree.files.map(\.path))
        for kept in BaseBackupSeen.kept where paths.contains(kept) {
            seen.contents[kept] = try files.content(kept, most: BaseBackupSeen.mostKept)
        }
        if let control = seen.contents[ControlFile.path], seen.control?.isWhole != true {
            doubts.add(try files.doubted(ControlFile.path, content: control))
        }
        return seen
    }

    /// Reads a segment of the write-ahead log, if the backup needs it.
    /// - Returns: a checksum of what was read.
    private func read(
        _ segment: BaseBackupTree.Found, _ files: any BaseBackupFiles, _ wal: CarriedWAL
    ) throws -> FileChecksum? {
        guard wal.begin(segment.path, size: segment.size) else { return nil }
        var checksumming = try FileChecksumming(.crc32c)
        let reader = try files.read(segment.path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            try cancellation.check()
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try checksumming.update(bytes)
            try wal.update(bytes)
        }
        try wal.end()
        return try checksumming.finish()
    }

    private func readTars(
        _ tars: [BaseBackupLayout.TarFile], _ files: any BaseBackupFiles, _ names: [String: UInt64],
        _ destination: String?, _ ledger: BaseBackupLedger, _ wal: CarriedWAL, _ unproved: UnprovedFiles?
    ) throws -> BaseBackupSeen {
        let disk = try destination.map { try TarDisk($0) }
        let total = tars.reduce(0) { $0 + (names[$1.name] ?? 0) }
        progress.begin(.integrity, total: total, unit: .bytes)
        defer { progress.end(.integrity) }
        var seen = BaseBackupSeen()
        var doubted: [BaseBackupLayout.TarFile.Part: [DoubtedBytes]] = [:]
        var before: UInt64 = 0
        for tar in tars {
            let source = try files.open(tar.name)
            let compression = try compression(of: source, tar.name)
            if tar.part == .base { seen.compression = compression }
            let stream = TarStream(tar, ledger, disk, wal, seen, cancellation)
            let flaws = ledger.flawCount
            let (found, stored) = try read(
                source, compression, tar.name, LaterProgress(progress, after: before), stream)
            seen = found
            doubted[tar.part] = [DoubtedBytes(source, first: stored.sha256)].compactMap(\.self)
            if ledger.flawCount > flaws { doubts.add(doubted[tar.part] ?? []) }
            unproved?.note(doubted[tar.part] ?? [])
            before += names[tar.name] ?? 0
        }
        seen.storedBytes = total
        seen.strangers = names.keys
            .filter { name in name != BaseBackupManifest.fileName && !tars.contains { $0.name == name } }.sorted()
        noteTablespaces(tars, seen, ledger)
        if let base = doubted[.base], seen.control?.isWhole != true { doubts.add(base) }
        if wal.check()?.verdict == .failed { doubts.add(doubted[.wal] ?? doubted[.base] ?? []) }
        return seen
    }

    private func read(
        _ source: any StoredBytes, _ compression: Compression, _ name: String, _ progress: LaterProgress,
        _ stream: TarStream
    ) throws -> (BaseBackupSeen, StoredFacts) {
        guard source.size != 0 else { throw ContentDamage("tar", .emptyFile, "\(name) is empty") }
        let pipeline = ContentPipeline(
            source: source, compression: compression, limits: limits, progress: progress, cancellation: cancellation)
        do {
            let (seen, stored, _) = try pipeline.run { content, _ in
                var stream = stream
                return try stream.read(RingSource(content))
            }
            return (seen, stored)
        } catch let damage as ContentDamage {
            if let stored = pipeline.stored {
                doubts.add([DoubtedBytes(source, first: stored.sha256)].compactMap(\.self))
            }
            throw damage.inFile(name)
        }
    }

    /// An empty tablespace has no file that the manifest could name: the map and the tars must name the same.
    private func noteTablespaces(
        _ tars: [BaseBackupLayout.TarFile], _ seen: BaseBackupSeen, _ ledger: BaseBackupLedger
    ) {
        // The map lies in the base: without that it says nothing.
        guard tars.contains(where: { $0.part == .base }) else { return }
        let mapped = seen.mappedTablespaces
        for tar in tars {
            if case .tablespace(let oid) = tar.part, !mapped.contains(oid) {
                ledger.note(
                    DataPath(tar.name), .extraFile,
                    "\(tar.name) is of a tablespace that \(BaseBackupSeen.tablespaceMap) does not name")
            }
        }
        for oid in mapped.sorted() where !tars.contains(where: { $0.part == .tablespace(oid) }) {
            ledger.note(
                DataPath("\(oid).tar"), .missingFile,
                "\(oid).tar is missing, which holds a tablespace that \(BaseBackupSeen.tablespaceMap) names")
        }
    }

    /// By its content, as everywhere.
    /// - Throws: ``Obstacle`` when it is encrypted, or packed in a way that is not read here, whatever it is called.
    private func compression(of source: any StoredBytes, _ name: String) throws -> Compression {
        let reader = try source.makeReader(at: 0)
        var prefix = [UInt8](repeating: 0, count: 512)
        let count = try prefix.withUnsafeMutableBytes { try reader.read(into: $0) }
        let bytes = Array(prefix[..<count])
        if let compression = Signature.compression(of: bytes) { return compression }
        switch Signature.sniff(bytes, .none) {
        case .encrypted: throw BaseBackupLayout.encrypted(name)
        case .unsupported(let kind, _) where !TarReader.isTar(bytes):
            throw Obstacle(
                .unsupportedFormat, "\(name) is \(kind), and no tar",
                hint: "unpack it into a directory of its own, beside its backup_manifest, and name that")
        default: return .none
        }
    }
}

/// Progress of one of several files that are read one after the other.
private struct LaterProgress: ProgressObserver {
    private let observer: any ProgressObserver
    private let before: UInt64

    init(_ observer: any ProgressObserver, after before: UInt64) {
        self.observer = observer
        self.before = before
    }

    func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) {}
    func advance(_ stage: Stage, to completed: UInt64) { observer.advance(stage, to: before + completed) }
    func end(_ stage: Stage) {}
}
