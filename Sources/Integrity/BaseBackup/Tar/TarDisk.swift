internal import Backups
internal import CArchive
internal import Glibc

/// Writes what a tar holds below one directory, through libarchive with its security flags: no `..`, nothing through a
/// link, and nothing that is there already is written to.
///
/// Names are judged before they come here (``TarStream``); this is the second fence.
final class TarDisk {
    private let disk: OpaquePointer
    private let entry: OpaquePointer
    private let root: String

    /// - Parameter root: exists, and is its own real path: a link on the way to it would be refused.
    init(_ root: String) throws {
        self.root = root
        guard let disk = archive_write_disk_new() else {
            throw Obstacle(.outOfMemory, "libarchive has no memory for a writer")
        }
        guard let entry = archive_entry_new() else {
            archive_write_free(disk)
            throw Obstacle(.outOfMemory, "libarchive has no memory for a writer")
        }
        self.disk = disk
        self.entry = entry
        archive_write_disk_set_options(
            disk,
            ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_NO_OVERWRITE
                | ARCHIVE_EXTRACT_NO_AUTODIR)
    }

    deinit {
        archive_entry_free(entry)
        archive_write_free(disk)
    }

    /// Makes a directory, and those above it, of mode 0700, as a server wants its own; they may be there.
    func makeDirectory(_ path: DataPath) throws {
        if mkdir(path.systemPath(below: root), 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let parent = path.parent {
            try makeDirectory(parent)
            if mkdir(path.systemPath(below: root), 0o700) == 0 { return }
        }
        throw SystemError.obstacle("make", "\(root)/\(path)")
    }

    /// Begins a file of mode 0600; its bytes follow by ``write(_:at:of:)``.
    func beginFile(_ path: DataPath, size: UInt64) throws {
        archive_entry_clear(entry)
        archive_entry_set_pathname(entry, path.systemPath(below: root))
        archive_entry_set_filetype(entry, UInt32(Glibc.S_IFREG))
        archive_entry_set_perm(entry, 0o600)
        archive_entry_set_size(entry, Int64(clamping: size))
        try check(archive_write_header(disk, entry), path)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64, of path: DataPath) throws {
        var done = 0
        while done < bytes.count {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[done...].prefix(WritePiece.largest))
            let code = archive_write_data_block(disk, piece.baseAddress, piece.count, offset + Int64(done))
            try check(Int32(clamping: code), path)
            done += piece.count
        }
    }

    func endFile(_ path: DataPath) throws {
        try check(archive_write_finish_entry(disk), path)
    }

    private func check(_ code: Int32, _ path: DataPath) throws {
        guard code < ARCHIVE_OK else { return }
        let number = archive_errno(disk)
        if [ENOSPC, EDQUOT, EACCES, EPERM, ENOMEM].contains(number) {
            throw SystemError.obstacle("write", "\(root)/\(path)", code: number)
        }
        let said = archive_error_string(disk).map { String(cString: $0) } ?? "no reason given"
        throw Obstacle(.unreadable, "could not unpack \(path): \(said)")
    }
}
