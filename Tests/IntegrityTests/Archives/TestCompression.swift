import Backups
import CArchive
import CZlib

/// Compresses as pg_dump does: zstd and lz4 frames without a checksum of their content.
enum TestCompression {
    struct Failure: Error {}

    static func compress(_ content: [UInt8], _ compression: Compression, asZlib: Bool = false) throws -> [UInt8] {
        switch compression {
        case .none: content
        case .gzip: try deflated(content, windowBits: asZlib ? 15 : 31)
        default: try filtered(content, compression)
        }
    }

    private static func deflated(_ content: [UInt8], windowBits: Int32) throws -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw Failure() }
        defer { deflateEnd(&stream) }
        var input = content
        var output = [UInt8](repeating: 0, count: content.count + content.count / 100 + 64)
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { throw Failure() }
        return Array(output.prefix(Int(stream.total_out)))
    }

    /// The content of a zlib stream that is exactly `stored`.
    static func inflated(_ stored: [UInt8]) -> [UInt8]? {
        var content = [UInt8](repeating: 0, count: 1 << 16)
        var contentLength = uLong(content.count)
        var storedLength = uLong(stored.count)
        let isWhole = uncompress2(&content, &contentLength, stored, &storedLength) == Z_OK
        return isWhole && storedLength == stored.count ? Array(content.prefix(Int(contentLength))) : nil
    }

    private static func filtered(_ content: [UInt8], _ compression: Compression) throws -> [UInt8] {
        // Of nothing libarchive makes a frame without a head.
        if content.isEmpty, compression == .lz4 { return [4, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82, 0, 0, 0, 0] }
        guard let archive = archive_write_new(), let entry = archive_entry_new() else { throw Failure() }
        defer {
            archive_entry_free(entry)
            archive_write_free(archive)
        }
        archive_write_set_format_raw(archive)
        if compression == .zstd {
            archive_write_add_filter_zstd(archive)
        } else {
            archive_write_add_filter_lz4(archive)
            archive_write_set_filter_option(archive, "lz4", "stream-checksum", nil)
        }
        archive_write_set_bytes_in_last_block(archive, 1)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count * 2 + (1 << 16), alignment: 16)
        let used = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        defer {
            output.deallocate()
            used.deallocate()
        }
        used.pointee = 0
        guard archive_write_open_memory(archive, output.baseAddress, output.count, used) == ARCHIVE_OK else {
            throw Failure()
        }
        archive_entry_set_filetype(entry, 0o100000)
        guard archive_write_header(archive, entry) == ARCHIVE_OK,
            archive_write_data(archive, content, content.count) == content.count,
            archive_write_close(archive) == ARCHIVE_OK
        else { throw Failure() }
        return Array(output.prefix(used.pointee))
    }
}
