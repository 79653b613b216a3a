import Backups

extension Verdict {
    /// One letter wide, and told apart without colours.
    var mark: String {
        switch self {
        case .verified: "✓"
        case .failed: "✗"
        case .inconclusive: "?"
        }
    }

    /// For someone who does not know the word.
    var explanation: String {
        switch self {
        case .verified: "This backup restores."
        case .failed: "This backup would not save you."
        case .inconclusive: "Not all of this backup could be checked. It may be sound: nobody knows yet."
        }
    }
}

extension Proof {
    var title: String {
        switch self {
        case .none: "none"
        case .itself: "self (the backup agrees with itself)"
        case .bounds: "bounds (rows lie where production's counters say)"
        case .manifest: "manifest (equal to what was there when it was made)"
        }
    }
}

extension BackupFormat {
    var title: String {
        switch self {
        case .plain: "plain SQL"
        case .plainAll: "plain SQL of a whole cluster"
        case .custom: "custom archive"
        case .directory: "directory archive"
        case .tar: "tar archive"
        case .basebackup: "base backup"
        case .pgbackrest: "backup of pgBackRest"
        case .barman: "backup of Barman"
        case .barmanCloud: "backup of barman-cloud"
        case .command: "backup of a configured tool"
        }
    }

    /// Of the files of a whole cluster, or of what is in them.
    var kind: String {
        switch self {
        case .basebackup, .pgbackrest, .barman, .barmanCloud, .command: "physical"
        case .plain, .plainAll, .custom, .directory, .tar: "logical"
        }
    }
}
