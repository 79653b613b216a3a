import Backups
import Glibc

/// A data directory that was unpacked from a base backup, made ready to recover in scratch.
///
/// Nothing of production's configuration is kept: it names libraries, certificates, files and commands of another machine.
package struct RecoveredCluster {
    /// What is taken away, if it is there: the trace of the server it was copied from, and who would wait for it.
    private static let removed = [
        "postmaster.pid", "postmaster.opts", "standby.signal", "recovery.signal", "recovery.done", "recovery.conf",
        // Tablespaces are unpacked in place; the server would link to where production keeps them.
        "tablespace_map",
        "postgresql.auto.conf", "postgresql.conf", "pg_hba.conf", "pg_ident.conf", "backup_manifest",
    ]

    package let data: String

    package init(data: String) {
        self.data = data
    }

    /// - Throws: ``Obstacle`` when a file can't be removed, or written.
    package func prepare() throws {
        for name in Self.removed where unlink("\(data)/\(name)") != 0 && errno != ENOENT {
            throw DirectoryTree.obstacle("removed", "\(data)/\(name)")
        }
        // Slots keep the log for subscribers who are not there, and want a wal_level that scratch has not.
        try DirectoryTree.remove("pg_replslot", in: data)
        try write("", to: "recovery.signal")
        try write("# All settings of a scratch server are on its command line.\n", to: "postgresql.conf")
        try write("", to: "postgresql.auto.conf")
        // Only the server's user and root reach the socket.
        try write("local all all trust\n", to: "pg_hba.conf")
        try write("", to: "pg_ident.conf")
        // Left out of base backups, or empty in them, which no object store keeps; and wanted by every server (`subdirs` of
        // src/bin/initdb/initdb.c).
        for name in [
            "pg_wal", "pg_wal/archive_status", "pg_wal/summaries", "pg_logical", "pg_logical/mappings",
            "pg_logical/snapshots", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat",
            "pg_stat_tmp",
            "pg_subtrans", "pg_tblspc", "pg_twophase", "pg_commit_ts",
        ] {
            try makeDirectory(name)
        }
    }

    /// Makes it where it is missing. A link in its place, or in the place of what it lies in, may lead into production: it is not
    /// followed, and in the way.
    private func makeDirectory(_ name: String) throws {
        let parts = name.split(separator: "/").map(String.init)
        let (above, last) = (parts.dropLast().joined(separator: "/"), parts.last ?? name)
        let parent = RestoredFile.open(above, in: data, O_RDONLY | O_DIRECTORY)
        guard parent >= 0 else { throw DirectoryTree.obstacle("opened", "\(data)/\(above)") }
        defer { close(parent) }
        guard mkdirat(parent, last, 0o700) != 0 else { return }
        var status = stat()
        guard errno == EEXIST, fstatat(parent, last, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw DirectoryTree.obstacle("made", "\(data)/\(name)")
        }
        guard status.isDirectory else {
            errno = ENOTDIR
            throw DirectoryTree.obstacle("made", "\(data)/\(name)")
        }
    }

    private func write(_ text: String, to name: String) throws {
        let path = "\(data)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("written", path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw DirectoryTree.obstacle("written", path)
        }
    }
}
