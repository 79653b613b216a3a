internal import Backups
internal import CArchive
internal import Glibc

/// zstd, xz, bzip2 and lz4 through libarchive: its format "raw" behind the one filter that is wanted, which is not
/// guessed again, so that a compressed file within a compressed file stays what it is.
///
/// libarchive leaves some things unsaid, so a ``MemberScanner`` looks at the same bytes beside it: how many members there
/// are, whether they carry checksums, whether the last one is whole, and what follows it.
final class ArchiveDecoder: ContentDecoder {
    private let archive: OpaquePointer
    private let feed: ArchiveFeed
    private let check: String
    private var isOpen = false
    private var isAtEnd = false

    var members: MemberFacts { feed.scanner.facts }

    init(_ source: any ChunkSource, _ compression: Compression) throws {
        check = compression.rawValue
        feed = ArchiveFeed(source, try Self.makeScanner(compression))
        guard let archive = archive_read_new() else {
            throw Obstacle(.outOfMemory, "libarchive has no memory for a reader")
        }
        self.archive = archive
        let code = try Self.filterCode(compression)
        guard archive_read_append_filter(archive, code) == ARCHIVE_OK else {
            throw Obstacle(
                .toolMissing, "libarchive was built without \(compression.rawValue)",
                hint: "install a libarchive that has it, or use --filter")
        }
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
    }

    deinit {
        archive_read_free(archive)
    }

    func decode(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        if !isOpen { try open() }
        var produced = 0
        while produced < output.count, !isAtEnd {
            let count = archive_read_data(archive, output.baseAddress.map { $0 + produced }, output.count - produced)
            if let error = feed.error { throw error }
            if count < 0 { throw failure() }
            if count == 0 { try finish() }
            produced += max(count, 0)
        }
        return produced
    }

    private func open() throws {
        isOpen = true
        let code = archive_read_open(
            archive, Unmanaged.passUnretained(feed).toOpaque(), nil,
            { _, client, block in
                guard let client else { return -1 }
                return Unmanaged<ArchiveFeed>.fromOpaque(client).takeUnretainedValue().next(block)
            }, nil)
        if let error = feed.error { throw error }
        // The format "empty" also takes a file whose very first block failed to decode; only the message tells.
        guard code == ARCHIVE_OK, archive_error_string(archive) == nil else { throw failure() }
        var entry: OpaquePointer?
        let header = archive_read_next_header(archive, &entry)
        if let error = feed.error { throw error }
        switch header {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: try finish()
        default: throw failure()
        }
    }

    /// libarchive says the content is at its end: reads what it left alone, and asks the scanner.
    private func finish() throws {
        isAtEnd = true
        let consumed = UInt64(max(0, archive_filter_bytes(archive, -1)))
        try feed.drain()
        if let damage = damage(feed.scanner.verdict) { throw damage }
        if feed.scanner.verdict == .lost, feed.offset > 0 {
            throw ContentDamage(check, .corrupt, "the \(member)s of the \(check) file do not make sense")
        }
        // Walkers know every byte; of the others libarchive stops where it recognises no further stream.
        if let scanner = feed.scanner as? StreamHeaderScanner, consumed < feed.offset {
            throw scanner.mayBegin(at: consumed) ? cut(consumed) : trailing(consumed)
        }
    }

    /// What libarchive complained about, in our words.
    private func failure() -> any Error {
        let said = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
        if archive_errno(archive) == ENOMEM { return Obstacle(.outOfMemory, "libarchive: \(said)") }
        do {
            // The end of the file tells a cut from other damage.
            try feed.drain()
        } catch {
            return error
        }
        if let damage = damage(feed.scanner.verdict) { return damage }
        // ZSTD_error_frameParameter_windowTooLarge: 128 MiB is the most that any decoder takes unasked.
        if said.contains("requires too much memory") {
            return Obstacle(
                .unsupportedFormat, "the file was written with zstd --long, and wants more memory than is given here",
                hint: "give the command that decompresses it: --filter 'zstd -dc --long=31'")
        }
        return ContentDamage(check, Self.reason(said), "\(check) can't be decoded: libarchive says \"\(said)\"")
    }

    private static func reason(_ said: String) -> Reason {
        let said = said.lowercased()
        // LZMA_BUF_ERROR: the decoder wants more than there is.
        if said.contains("truncated") || said.contains("no progress is possible") { return .truncated }
        return said.contains("checksum") ? .checksumMismatch : .corrupt
    }

    private func damage(_ verdict: MemberVerdict) -> ContentDamage? {
        switch verdict {
        case .whole, .lost: nil
        case .cut(let start): cut(start)
        case .trailing(let start): trailing(start)
        }
    }

    private func cut(_ start: UInt64) -> ContentDamage {
        ContentDamage(
            check, .truncated, "the file ends at byte \(feed.offset), within the \(check) \(member) at byte \(start)")
    }

    private func trailing(_ start: UInt64) -> ContentDamage {
        ContentDamage(
            check, .trailingBytes, "the bytes from \(start) on, after the last \(check) \(member), are not \(check)")
    }

    private var member: String { feed.scanner is StreamHeaderScanner ? "stream" : "frame" }

    private static func makeScanner(_ compression: Compression) throws -> any MemberScanner {
        switch compression {
        case .zstd: return FrameWalker<ZstdFrames>()
        case .lz4: return FrameWalker<LZ4Frames>()
        case .xz: return StreamHeaderScanner(.xz)
        case .bzip2: return StreamHeaderScanner(.bzip2)
        case .none, .gzip: throw Obstacle(.internalError, "\(compression.rawValue) does not go through libarchive")
        }
    }

    private static func filterCode(_ compression: Compression) throws -> Int32 {
        switch compression {
        case .zstd: return ARCHIVE_FILTER_ZSTD
        case .lz4: return ARCHIVE_FILTER_LZ4
        case .xz: return ARCHIVE_FILTER_XZ
        case .bzip2: return ARCHIVE_FILTER_BZIP2
        case .none, .gzip: throw Obstacle(.internalError, "\(compression.rawValue) does not go through libarchive")
        }
    }
}
