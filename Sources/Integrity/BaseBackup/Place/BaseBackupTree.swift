/// The files of a plain base backup, and the directories that they lie in.
struct BaseBackupTree: Sendable {
    struct Found: Sendable {
        let path: DataPath
        /// Bytes.
        let size: UInt64
    }

    var files: [Found] = []
    /// Each after the one that it lies in.
    var directories: [DataPath] = []
    /// What is no file, or leads to none.
    var flaws: [BaseBackupFlaw] = []
}
