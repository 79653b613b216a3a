package import Backups
import Glibc
import Processes

/// Makes a backup with pg_dump, and a manifest of what was there in the very same snapshot.
///
/// Nothing that could be taken for a backup is left when it fails, is cancelled or killed, or runs out of disk: until all is
/// well, everything lies under partial names (see ``PartialBackup``).
package struct DumpJob: Sendable {
    package let request: DumpRequest
    private let environment: [String: String]
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    /// - Parameter environment: where libpq's variables (`PGHOST`, `PGPASSFILE`, …) come from.
    package init(
        _ request: DumpRequest, environment: [String: String], progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation
    ) {
        self.request = request
        self.environment = environment
        self.progress = progress
        self.cancellation = cancellation
    }

    package struct Outcome: Sendable {
        package let path: String
        package let manifestPath: String
        package let manifest: Manifest
    }

    /// - Throws: ``Obstacle``: no backup was made.
    package func run() throws -> Outcome {
        // Ends what is left of the work when one part fails, without ending our caller's.
        let own = Cancellation()
        let token = cancellation.onCancel { [cancellation] in
            if let obstacle = cancellation.obstacle { own.cancel(obstacle) }
        }
        defer { cancellation.removeHandler(token) }

        let target = try makeTarget(own)
        let connection = try Connection(request.source, cancellation: own)
        let version = try PgDumpVersion.check(request.pgDump, serverMajor: connection.serverMajor, own)
        let snapshot = try LockedSnapshot.take(connection, limits: request.limits)
        let catalog = try CatalogSnapshot.read(connection)
        let server = try ServerFacts.read(connection)
        let rows = try dumpAndCount(snapshot, to: target.output, own)
        // The same transaction as before; sequences show their newest position all the same.
        let after = try SequencePositions.read(connection)
        try connection.execute("COMMIT")

        let digest = try target.seal(own)
        let manifest = Manifest(
            backup: Manifest.BackupFile(
                name: request.name, size: digest.size, sha256: digest.sha256, format: request.format.backupFormat,
                compression: request.format == .plain && request.compression != 0 ? .gzip : nil),
            origin: .snapshot, database: server.database, snapshotAt: snapshot.takenAt.wholeSeconds,
            completedAt: Timestamp.now().wholeSeconds,
            walPosition: snapshot.walPosition, tool: Manifest.Tool(pgDump: version), server: server.manifest,
            tables: tables(rows), sequences: sequences(before: catalog.sequences, after: after),
            largeObjects: rows.largeObjects ?? Manifest.LargeObjects(count: catalog.largeObjects),
            schema: try SchemaFingerprint.make(of: catalog),
            checksumAlgorithm: request.checksums ? ChecksumAlgorithm.tables : nil)
        try own.check()
        try target.publish(manifest)
        let path = "\(request.store?.address ?? request.directory)/\(request.name)"
        return Outcome(path: path, manifestPath: ManifestName.manifest(of: path), manifest: manifest)
    }

    private func makeTarget(_ own: Cancellation) throws -> any DumpTarget {
        guard let store = request.store else {
            return try PartialBackup(directory: request.directory, name: request.name)
        }
        guard request.format != .directory else {
            throw Obstacle(
                .unsupportedFormat, "a directory dump can't be written to \(store.address)",
                hint: "Take --format custom, which pg_restore restores side by side as well.")
        }
        return try UploadedBackup(location: store, name: request.name, cancellation: own)
    }

    /// pg_dump and the counters side by side; the first that fails ends the other.
    private func dumpAndCount(_ snapshot: LockedSnapshot, to output: DumpOutput, _ own: Cancellation) throws -> RowCount
    {
        let process = PgDumpProcess(
            request: request, snapshot: snapshot.identifier, output: output, environment: environment)
        let dumped = SignalledOnce<Result<Void, any Error>>()
        DetachedThread.start(named: "pg_dump") {
            let result = Result { try process.run(cancellation: own) }
            if case .failure(let error) = result { own.cancel(Self.obstacle(error)) }
            dumped.set(result)
        }
        let counter = RowCounter(
            jobs: request.jobs, limits: request.limits, checksums: request.checksums, snapshot: snapshot.identifier,
            progress: progress, cancellation: own
        ) { [request] in try Connection(request.source, cancellation: own) }
        let counted = Result { try counter.count() }
        if case .failure(let error) = counted { own.cancel(Self.obstacle(error)) }
        let result = dumped.wait()
        // The first failure is the cause; the other one only its consequence.
        try own.check()
        try result.get()
        return try counted.get()
    }

    private static func obstacle(_ error: any Error) -> Obstacle {
        error as? Obstacle ?? Obstacle(.internalError, "the dump failed", cause: error)
    }

    private func tables(_ count: RowCount) -> [Manifest.Table] {
        count.rows.sorted { $0.key < $1.key }.map {
            Manifest.Table(name: $0.key, rows: $0.value, checksum: count.checksums[$0.key])
        }
    }

    private func sequences(
        before: [TableName: SequencePosition], after: [TableName: SequencePosition]
    ) -> [Manifest.Sequence] {
        before.sorted { $0.key < $1.key }.compactMap { name, position in
            after[name].map { Manifest.Sequence(name: name, before: position, after: $0) }
        }
    }
}

extension Timestamp {
    /// Without the fraction, which a manifest does not hold: never later than it was.
    fileprivate var wholeSeconds: Timestamp { Timestamp(seconds: seconds) }
}
