import Backups
import Glibc
import Integrity
import PostgreSQL
import Processes
import Synchronization

/// Brings the files of a directory dump from a location into scratch, several at a time: pg_restore finds them by name.
final class DirectoryFetch: Sendable {
    private static let connections = 4
    private static let pieceSize = 256 << 10

    private struct State {
        var next = 0
        var written: UInt64 = 0
        var failure: (any Error)?
    }

    private let directory: RemoteDirectory
    private let files: [StoredObject]
    private let folder: ScratchFolder
    private let limits: SpoolLimits
    private let progress: any ProgressObserver
    private let cancellation: Cancellation
    private let state = Mutex(State())

    /// - Parameter scratch: where the files go.
    init(
        _ directory: RemoteDirectory, scratch: String, limits: SpoolLimits, progress: any ProgressObserver,
        cancellation: Cancellation
    ) throws {
        self.directory = directory
        (self.limits, self.progress, self.cancellation) = (limits, progress, cancellation)
        // The largest first, so that the threads end at about the same time.
        files = directory.objects.filter(RemoteDirectory.isOfDump).sorted { ($0.size, $1.path) > ($1.size, $0.path) }
        folder = try ScratchFolder(in: scratch)
    }

    /// - Returns: the directory, which goes with its last reference.
    /// - Throws: ``Obstacle``: `vanished` when it was changed meanwhile.
    func run() throws -> ScratchFolder {
        try limits.check(size: directory.size, of: directory.location.address)
        progress.begin(.fetch, total: directory.size, unit: .bytes)
        defer { progress.end(.fetch) }
        // What does not belong to a dump is there, and is not fetched.
        for name in directory.names.subtracting(files.map(\.path)) where name != "." && name != ".." {
            close(try folder.makeFile(name))
        }
        let ends = (1..<max(1, min(Self.connections, files.count))).map { _ in
            let end = SignalledOnce<Void>()
            DetachedThread.start(named: "fetch") {
                self.work()
                end.set(())
            }
            return end
        }
        work()
        for end in ends { end.wait() }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        guard try RemoteDirectory(directory.location, cancellation: cancellation).objects == directory.objects else {
            throw Obstacle(
                .vanished, "\(directory.location.address) was changed while it was read",
                hint: "Verify it again when whatever writes it is done.")
        }
        return folder
    }

    private func work() {
        while let file = takeFile() {
            do {
                try fetch(file)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    private func takeFile() -> StoredObject? {
        state.withLock { state in
            guard state.failure == nil, state.next < files.count else { return nil }
            defer { state.next += 1 }
            return files[state.next]
        }
    }

    private func fetch(_ file: StoredObject) throws {
        let address = "\(directory.location.address)/\(file.path)"
        let reader = try directory.location.open(file.path, cancellation: cancellation).makeReader(at: 0)
        let descriptor = try folder.makeFile(file.path)
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            try cancellation.check()
            let count = try reader.read(into: buffer)
            if count == 0 { return }
            let written = state.withLock { state in
                state.written += UInt64(count)
                return state.written
            }
            try limits.check(size: written, of: directory.location.address)
            try limits.checkSpace(descriptor, in: folder.path, for: address)
            try ScratchFolder.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: descriptor, name: address)
            progress.advance(.fetch, to: written)
        }
    }
}
