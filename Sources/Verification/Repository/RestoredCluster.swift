import Backups
import Integrity
import PostgreSQL

/// A data directory in scratch, whoever put it there: what a recovery must know of it.
struct RestoredCluster {
    /// Of the server that it was taken from; `nil` when it does not say.
    let major: Int?
    /// The text of `backup_label`; `nil` when it is not there.
    let label: String?
    /// It holds only what changed since another backup.
    let isIncremental: Bool
    /// What came over a line, and was held against nothing.
    let unproved: UnprovedFiles?

    init(_ unpacked: BaseBackupResult) {
        (major, label, isIncremental) = (unpacked.seen.major, unpacked.seen.label, unpacked.isIncremental)
        unproved = unpacked.unproved
    }

    /// - Parameter data: the directory, as a tool put it together.
    init(data: String) {
        major = RestoredFile.text("PG_VERSION", in: data).flatMap { Int($0.filter(\.isNumber)) }
        label = RestoredFile.text("backup_label", in: data)
        isIncremental = false
        unproved = nil
    }
}
