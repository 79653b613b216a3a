internal import Backups
internal import CArchive
internal import Glibc

/// Reads a tar member by member, through libarchive.
///
/// libarchive is content with a tar that ends anywhere between two members: that the two blocks of zeros are there which
/// end it, and nothing behind them, is looked at here.
final class TarReader {
    enum Kind: Sendable, Equatable {
        case file, directory
        case link(target: String)
        /// Hard links, devices, pipes and sockets: no server puts them into a backup.
        case other
    }

    struct Member: Sendable, Equatable {
        /// As it stands there, but for a `./` before it and the `/` behind a directory or link.
        let path: DataPath
        let kind: Kind
        /// Bytes of a file.
        let size: UInt64
    }

    private let archive: OpaquePointer
    private let feed: TarFeed
    private let name: String
    private var entry: OpaquePointer?

    /// - Parameter name: of the tar, for messages.
    init(_ source: any ChunkSource, name: String) throws {
        feed = TarFeed(source)
        self.name = name
        guard let archive = archive_read_new() else {
            throw Obstacle(.outOfMemory, "libarchive has no memory for a reader")
        }
        self.archive = archive
        archive_read_support_format_tar(archive)
        let code = archive_read_open(
            archive, Unmanaged.passUnretained(feed).toOpaque(), nil,
            { _, client, block in
                guard let client else { return -1 }
                return Unmanaged<TarFeed>.fromOpaque(client).takeUnretainedValue().next(block)
            }, nil)
        guard code == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_read_free(archive)
    }

    /// The next member; what was not read of the one before is passed over.
    /// - Returns: `nil` at the end of the tar.
    /// - Throws: ``ContentDamage`` when the tar is cut or no tar; what the source threw.
    func next() throws -> Member? {
        let code = archive_read_next_header(archive, &entry)
        if let error = feed.error { throw error }
        switch code {
        case ARCHIVE_OK, ARCHIVE_WARN: break
        case ARCHIVE_EOF:
            try finish()
            return nil
        default: throw failure()
        }
        guard let path = archive_entry_pathname(entry) else {
            throw ContentDamage("tar", .corrupt, "\(name) has a member without a name")
        }
        let bytes = UnsafeBufferPointer(start: path, count: strlen(path)).map { UInt8(bitPattern: $0) }
        return Member(path: Self.path(bytes), kind: kind, size: UInt64(clamping: archive_entry_size(entry)))
    }

    /// Whether this may be the head of a first member: what POSIX calls ustar, as every tar of PostgreSQL's and GNU's.
    static func isTar(_ block: [UInt8]) -> Bool {
        block.count >= 262 && block[257..<262].elementsEqual("ustar".utf8)
    }

    /// A server puts a `/` behind directories and links (src/port/tar.c), and `tar -C DIR .` a `./` before all.
    private static func path(_ bytes: [UInt8]) -> DataPath {
        var path = bytes[...]
        if path.elementsEqual(".".utf8) || path.elementsEqual("./".utf8) { return DataPath("") }
        if path.starts(with: "./".utf8) { path = path.dropFirst(2) }
        if path.last == UInt8(ascii: "/") { path = path.dropLast() }
        return DataPath(bytes: Array(path))
    }

    /// The next bytes of the member, lent until the next call.
    /// - Returns: `nil` at its end.
    func nextBlock() throws -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
        var (block, count, offset): (UnsafeRawPointer?, Int, Int64) = (nil, 0, 0)
        let code = archive_read_data_block(archive, &block, &count, &offset)
        if let error = feed.error { throw error }
        switch code {
        case ARCHIVE_OK, ARCHIVE_WARN: return (UnsafeRawBufferPointer(start: block, count: count), offset)
        case ARCHIVE_EOF: return nil
        default: throw failure()
        }
    }

    private var kind: Kind {
        if archive_entry_hardlink(entry) != nil { return .other }
        switch archive_entry_filetype(entry) {
        case UInt32(Glibc.S_IFREG): return .file
        case UInt32(Glibc.S_IFDIR): return .directory
        case UInt32(Glibc.S_IFLNK): return .link(target: archive_entry_symlink(entry).map { String(cString: $0) } ?? "")
        default: return .other
        }
    }

    /// After the last member: POSIX.1-1988 (ustar) ends an archive with two blocks of zeros.
    private func finish() throws {
        let consumed = UInt64(max(0, archive_filter_bytes(archive, 0)))
        try feed.drain()
        guard feed.trailingZeros >= 1024 else {
            throw ContentDamage("tar", .truncated, "\(name) is cut: the blocks that end a tar are missing")
        }
        guard feed.offset - feed.trailingZeros <= consumed else {
            throw ContentDamage("tar", .trailingBytes, "\(name) goes on after its end")
        }
    }

    private func failure() -> any Error {
        if let error = feed.error { return error }
        let said = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
        if archive_errno(archive) == ENOMEM { return Obstacle(.outOfMemory, "libarchive: \(said)") }
        let isCut = said.lowercased().contains("truncated")
        return ContentDamage(
            "tar", isCut ? .truncated : .corrupt, "\(name) can't be read as tar: libarchive says \"\(said)\"")
    }
}
