internal import Backups
import Synchronization

/// Which files of a base backup were met, and what is wrong with them: extra, missing, altered, of another size.
///
/// All of it is found and told, not only the first: whether one file or half of them differ says what happened.
final class BaseBackupLedger: Sendable {
    private struct State {
        var met: Set<DataPath> = []
        var flaws: [BaseBackupFlaw] = []
    }

    /// What `pg_verifybackup` ignores too, for it is written when a backup is put to use
    /// (src/bin/pg_verifybackup/pg_verifybackup.c, `main`).
    private static let ignored: Set<DataPath> = [
        DataPath(BaseBackupManifest.fileName), DataPath("postgresql.auto.conf"), DataPath("recovery.signal"),
        DataPath("standby.signal"),
    ]

    /// `nil`: the backup has none, and whatever is there belongs to it.
    private let manifest: [DataPath: BaseBackupManifest.File]?
    /// Directories whose files may be missing.
    private let leftOut: [DataPath]
    private let state = Mutex(State())

    /// - Throws: ``ContentDamage`` when the manifest lists a file twice.
    init(_ manifest: BaseBackupManifest?, leftOut: [DataPath] = []) throws {
        self.leftOut = leftOut
        guard let manifest else {
            self.manifest = nil
            return
        }
        var files: [DataPath: BaseBackupManifest.File] = [:]
        files.reserveCapacity(manifest.files.count)
        for file in manifest.files where files.updateValue(file, forKey: file.path) != nil {
            throw BaseBackupManifest.damage(.corrupt, "\(BaseBackupManifest.fileName) lists \(file.path) twice")
        }
        self.manifest = files
    }

    /// Whether there is something to hold the files against.
    var hasManifest: Bool { manifest != nil }

    /// The write-ahead log, too: it is proved by replaying it.
    static func isIgnored(_ path: DataPath) -> Bool {
        ignored.contains(path) || path.isWithin(.wal)
    }

    /// Notes that the file is there.
    /// - Returns: what it is to be held against; `nil` when nothing is to be compared: it is ignored, it does not belong to
    ///   the backup, or its size tells already that it is another.
    func meet(_ path: DataPath, size: UInt64) -> BaseBackupManifest.File? {
        guard !Self.isIgnored(path) else { return nil }
        guard state.withLock({ $0.met.insert(path).inserted }) else {
            note(path, .corrupt, "\(path) is in the backup twice")
            return nil
        }
        guard let manifest else { return BaseBackupManifest.File(path: path, size: size, checksum: nil) }
        guard let file = manifest[path] else {
            note(path, .extraFile, "\(path) is in the backup, and not in its manifest")
            return nil
        }
        guard file.size == size else {
            let reason: Reason = size < file.size ? .truncated : .sizeMismatch
            note(path, reason, "\(path) has \(size) bytes, and \(file.size) in the manifest")
            return nil
        }
        return file
    }

    /// How much is wrong so far.
    var flawCount: Int { state.withLock { $0.flaws.count } }

    /// Holds the checksum of what was read of a file that was met against its entry.
    /// - Returns: whether it is the same, or nothing says what it should be.
    @discardableResult
    func compare(_ file: BaseBackupManifest.File, _ checksum: FileChecksum?) -> Bool {
        guard let wanted = file.checksum, wanted != checksum else { return true }
        note(
            file.path, .checksumMismatch,
            "\(file.path) does not have the \(wanted.algorithm.rawValue) that the manifest says: it was altered")
        return false
    }

    func note(_ path: DataPath, _ reason: Reason, _ message: String) {
        note(BaseBackupFlaw(path: path, reason: reason, message: message))
    }

    func note(_ flaw: BaseBackupFlaw) {
        state.withLock { $0.flaws.append(flaw) }
    }

    /// All that is wrong, missing files too, sorted by path.
    func finish() -> [BaseBackupFlaw] {
        let (met, flaws) = state.withLock { ($0.met, $0.flaws) }
        let missing = (manifest ?? [:]).keys
            .filter { path in
                !met.contains(path) && !Self.isIgnored(path) && !leftOut.contains { path == $0 || path.isWithin($0) }
            }
            .map { BaseBackupFlaw(path: $0, reason: .missingFile, message: "\($0) is missing") }
        return (flaws + missing).sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }
}
