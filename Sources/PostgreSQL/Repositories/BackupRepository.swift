package import Backups

/// What a backup tool keeps of one cluster: base backups, and the write-ahead log that goes with them. The tool itself lists,
/// restores and fetches; nothing of its repository is read here.
///
/// All of it blocks, and takes as long as the tool does: cancellation ends the tool. What keeps the tool from its work is an
/// ``Obstacle``; only where it says itself that what it keeps is damaged, or gone, a `ContentDamage` is thrown.
package protocol BackupRepository: Sendable {
    /// The repository, whichever backup was named.
    var address: RepositoryAddress { get }
    /// Whether the tool holds every file that it restores against a checksum of its own.
    var comparesFiles: Bool { get }
    /// Whether its backups may be copies of a stopped server, or of one instant, which need no `backup_label`.
    var isAtomic: Bool { get }
    /// All backups that it tells of, the oldest first.
    /// - Throws: ``Obstacle`` where it can't tell: a repository that can't be listed is not an empty one.
    func backups(_ cancellation: Cancellation) throws -> [RepositoryBackup]
    /// What the tool tells of one backup beyond its listing.
    func details(_ backup: RepositoryBackup, _ cancellation: Cancellation) throws -> RepositoryBackup
    /// Puts the data directory of a backup together, with its tablespaces in place of their links.
    func restore(_ backup: RepositoryBackup, into target: RestoreTarget, _ cancellation: Cancellation) throws
    /// The write-ahead log of the cluster that `backup` is of; `nil`: of the one that archives now.
    func archive(for backup: RepositoryBackup?, _ cancellation: Cancellation) throws -> any RepositoryArchive
}

extension BackupRepository {
    package var isAtomic: Bool { false }

    package func details(_ backup: RepositoryBackup, _ cancellation: Cancellation) throws -> RepositoryBackup { backup }
}

extension RepositoryArchive {
    package var inspected: (any WALArchiveSource)? { source }
}

/// Where a tool restores to.
package struct RestoreTarget: Sendable {
    /// The data directory: empty, and ours.
    package let data: String
    /// For what the tool needs besides; not there yet, on the same file system, and removed with it.
    package let work: String
    /// How much the tool may do side by side.
    package let jobs: Int

    package init(data: String, work: String, jobs: Int) {
        (self.data, self.work, self.jobs) = (data, work, jobs)
    }
}

/// The write-ahead log that a tool keeps.
package protocol RepositoryArchive: Sendable {
    /// Lists the archive, as a recovery is held against it, and opens its files; `nil` where nobody can tell what is there.
    var source: (any WALArchiveSource)? { get }
    /// The same for who looks at the files, and not at their names alone.
    var inspected: (any WALArchiveSource)? { get }
    /// Has the tool bring one file, whole and unpacked.
    /// - Parameters:
    ///   - name: as `restore_command`'s `%f`.
    ///   - path: is not there yet.
    ///   - cluster: a directory with the control file of the cluster that is recovered, as the tool wants to see it.
    /// - Returns: `false` only when the tool itself says that there is none.
    func fetch(_ name: String, to path: String, for cluster: String, _ cancellation: Cancellation) throws -> Bool
}

extension RepositoryAddress {
    /// The repository that it names, by the tool's own program.
    /// - Parameter locations: what lies beside it that this program reads itself.
    /// - Throws: ``Obstacle``, `tool-missing` say.
    package func open(in locations: any LocationFinder) throws -> any BackupRepository {
        switch tool {
        case .pgbackrest: try PgBackRest(self)
        case .barman: try Barman(self)
        case .barmanCloud: try BarmanCloud(self, locations)
        case .command: try CommandRepository(self, locations.commands(at: configuration ?? ""))
        }
    }
}
