package import Backups
internal import Glibc
internal import Synchronization

/// Bytes that can be read once only (standard input, a filter's output), written to a file as they pass through, so
/// that they can be read again from anywhere.
///
/// The first reader to come to the end of the file pulls more from upstream. The file is gone with this object; unless
/// it keeps its name it has none from the start, so that even `kill -9` leaves nothing.
package final class SpooledBytes: StoredBytes {
    private struct State {
        var upstream: (any ByteReader)?
        var written: UInt64 = 0
        /// Up to where there was room when it was asked.
        var hasRoomTo: UInt64 = 0
        var isComplete = false
        var failure: (any Error)?
        var buffer: [UInt8] = []
    }

    private static let pieceSize = 256 << 10
    /// Written between two questions for room; the reserve is far larger.
    private static let step: UInt64 = 4 << 20

    package let name: String
    /// Where the file lies; `nil` when it has no name.
    package let path: String?
    private let source: any StoredBytes
    private let directory: String
    private let limits: SpoolLimits
    private let descriptor: Int32
    /// Held while bytes are pulled from upstream: other readers wait for the same bytes anyway.
    private let state = Mutex(State())

    /// - Parameters:
    ///   - directory: where the file is made, as `restorable-spool-…`, readable for this user only.
    ///   - limits: a reader that comes to them throws an ``Obstacle`` `disk-full`, and so do all after it.
    ///   - keepsName: for other programs to open it; then the directory must be one that is cleared after a crash.
    /// - Throws: ``Obstacle`` when the file can't be made.
    package init(
        _ source: any StoredBytes, directory: String, limits: SpoolLimits = SpoolLimits(), keepsName: Bool = false
    ) throws {
        var template = Array("\(directory)/restorable-spool-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SystemError.obstacle("make a file in", directory) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } ?? ""
        if !keepsName { unlink(path) }
        self.source = source
        self.directory = directory
        self.limits = limits
        self.descriptor = descriptor
        self.path = keepsName ? path : nil
        name = source.name
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    /// `nil` until the end was seen.
    package var size: UInt64? {
        state.withLock { $0.isComplete ? $0.written : nil }
    }

    package var factsBeforeFilter: StoredFacts? { source.factsBeforeFilter }

    package var overLine: (any StoredBytes)? { source.overLine }

    package func makeReader(at offset: UInt64) throws -> any ByteReader {
        SpoolReader(self, at: offset)
    }

    /// Pulls all that is left upstream into the file.
    package func fetch(progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation) throws {
        progress.begin(.fetch, total: source.size, unit: .bytes)
        defer { progress.end(.fetch) }
        while let written = try state.withLock({ try pull(&$0) ? $0.written : nil }) {
            try cancellation.check()
            progress.advance(.fetch, to: written)
        }
    }

    /// The next bytes from `offset` on.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int {
        try state.withLock { state in
            while offset >= state.written {
                guard try pull(&state) else { return }
            }
        }
        return try readFile(into: buffer, at: offset)
    }

    /// Takes some bytes from upstream into the file; readers find them there, which means in the page cache.
    /// - Returns: `false` at the end.
    private func pull(_ state: inout State) throws -> Bool {
        if state.isComplete { return false }
        if let failure = state.failure { throw failure }
        do {
            let upstream = try state.upstream ?? source.makeReader(at: 0)
            state.upstream = upstream
            if state.buffer.isEmpty { state.buffer = Array(repeating: 0, count: Self.pieceSize) }
            let count = try state.buffer.withUnsafeMutableBytes { try upstream.read(into: $0) }
            if count > 0 {
                try makeSure(of: state.written + UInt64(count), &state)
                try state.buffer.withUnsafeBytes { try write($0[..<count], at: state.written) }
                state.written += UInt64(count)
                return true
            }
            state.isComplete = true
            state.upstream = nil
            state.buffer = []
            return false
        } catch {
            state.failure = error
            state.upstream = nil
            throw error
        }
    }

    /// - Throws: ``Obstacle`` when a copy of `size` bytes is beyond the limits.
    private func makeSure(of size: UInt64, _ state: inout State) throws {
        try limits.check(size: size, of: name)
        guard size > state.hasRoomTo else { return }
        try limits.checkSpace(descriptor, in: directory, for: name)
        state.hasRoomTo = size + Self.step
    }

    private func write(_ bytes: Slice<UnsafeRawBufferPointer>, at offset: UInt64) throws {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes)
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw SystemError.obstacle("write a copy of", name)
            }
        }
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw SystemError.obstacle("read the copy of", name) }
        }
    }
}

/// One of any number of readers of a ``SpooledBytes``.
final class SpoolReader: ByteReader {
    private let spool: SpooledBytes
    private var offset: UInt64

    init(_ spool: SpooledBytes, at offset: UInt64) {
        self.spool = spool
        self.offset = offset
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try spool.read(into: buffer, at: offset)
        offset += UInt64(count)
        return count
    }
}
