package import Backups
import Synchronization

/// Files of a base backup that came over a line, and that nothing is held against: no manifest, or one without checksums. Sums of them as
/// they came are kept, for what a server finds in them later may have happened on the way.
package final class UnprovedFiles: Sendable {
    private struct State {
        var files: [(path: DataPath, checksum: FileChecksum)] = []
        var tars: [DoubtedBytes] = []
    }

    private let source: any BaseBackupFiles
    private let state = Mutex(State())

    init(_ source: any BaseBackupFiles) {
        self.source = source
    }

    func note(_ path: DataPath, _ checksum: FileChecksum) {
        state.withLock { $0.files.append((path, checksum)) }
    }

    func note(_ tars: [DoubtedBytes]) {
        state.withLock { $0.tars += tars }
    }

    /// Reads all of them once more.
    /// - Throws: ``Obstacle``: `transfer-damaged` when one comes otherwise now; whatever keeps them from coming.
    package func confirm(progress: any ProgressObserver, cancellation: Cancellation) throws {
        let (files, tars) = state.withLock { ($0.files, $0.tars) }
        for bytes in tars { try bytes.confirm(progress: progress, cancellation: cancellation) }
        for file in files {
            for bytes in try source.doubted(file.path, first: file.checksum) {
                try bytes.confirm(progress: progress, cancellation: cancellation)
            }
        }
    }
}
