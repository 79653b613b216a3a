import Backups
import Glibc
import Integrity
package import Processes
import Synchronization

/// Answers the `restore_command` of a server in scratch, which sees neither the archive nor any network: a script asks
/// for a file through one pipe, and hears through another that it lies where the server wants it.
///
///     DIRECTORY/restore    what the server runs
///     DIRECTORY/request    a name, where the server wants the file, and a line end
///     DIRECTORY/answer     that name, and the script's exit status
///     DIRECTORY/files/     for the supply to put files into, out of the server's reach
///
/// The server may read the first three and write to the request alone. A file is not copied to it: it is renamed from here into the
/// server's directory of the log, by a descriptor of that directory that was opened before the server ran, so that nothing the
/// server does to its own files leads anywhere else. The status is 0 when the file was handed over, 1 only when
/// it is certain that the archive has none, and 200 for all else: above 125 PostgreSQL gives up, where 1 to 125 would have
/// it take the archive for ended, and promote (PostgreSQL 18 documentation, "25.3.5. Recovering Using a Continuous Archive
/// Backup": "restore_command").
package final class SegmentHandover: Sendable {
    /// - Returns: the path of the whole file in DIRECTORY/files; `nil` only when it is proved that the archive has none.
    package typealias Supply = @Sendable (_ name: String) throws -> String?

    private static let refusal = 200
    /// Bytes of a line; no more is kept of one.
    private static let longestRequest = 4096
    /// What PostgreSQL calls a file that it asks an archive for, in its directory of the log (`RestoreArchivedFile` in
    /// src/backend/access/transam/xlogarchive.c).
    private static let targets: Set<Substring> = ["RECOVERYXLOG", "RECOVERYHISTORY"]

    private struct State {
        var failure: (any Error)?
        var files = 0
        var bytes: UInt64 = 0
        /// Of the segments that were handed over.
        var sums: [WALSegmentName: UInt32] = [:]
        var isStopping = false
    }

    package let directory: String
    /// The server's `pg_wal`.
    private let log: Int32
    private let request: Int32
    /// Never waits: answers that nobody fetches must not hold us.
    private let answer: Int32
    private let user: ProcessUser?
    private let supply: Supply
    private let state = Mutex(State())
    private let ended = SignalledOnce<Void>()

    /// Begins to answer.
    /// - Parameters:
    ///   - directory: does not exist yet; on the file system of `data`.
    ///   - data: the server's data directory. It does not run yet.
    ///   - user: the server's, who is given what it asked for; `nil` where it is our own.
    package init(
        _ directory: String, data: String, user: ProcessUser?, makeSupply: (_ files: String) throws -> Supply
    ) throws {
        self.directory = directory
        self.user = user
        try Self.make(directory, 0o750, user) { mkdir($0, $1) }
        try Self.make("\(directory)/files", 0o700, nil) { mkdir($0, $1) }
        try Self.make("\(directory)/request", 0o620, user) { mkfifo($0, $1) }
        try Self.make("\(directory)/answer", 0o640, user) { mkfifo($0, $1) }
        try Self.make("\(directory)/restore", 0o640, user) { path, mode in
            let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
            guard descriptor >= 0 else { return -1 }
            defer { close(descriptor) }
            return LineWriter.writeBytes(Array(Self.script.utf8), to: descriptor) ? 0 : -1
        }
        supply = try makeSupply("\(directory)/files")
        var opened: [Int32] = []
        do {
            opened.append(try Self.open("\(data)/pg_wal", O_RDONLY | O_DIRECTORY))
            // For reading and writing both, so that a pipe never ends, whoever comes and goes at its other end (fifo(7)).
            opened.append(try Self.open("\(directory)/request", O_RDWR))
            opened.append(try Self.open("\(directory)/answer", O_RDWR | O_NONBLOCK))
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
        (log, request, answer) = (opened[0], opened[1], opened[2])
        DetachedThread.start(named: "segment handover") { self.serve() }
    }

    deinit {
        close(log)
        close(request)
        close(answer)
    }

    /// The server's `restore_command`: the name is the only thing of the server's that a shell reads, and is in quotes.
    package var command: String {
        let quoted = "\(directory)/restore".split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''")
        let path = quoted.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
        return "/bin/sh '\(path)' \"%f\" \"%p\""
    }

    /// Why the server was refused a file; `nil` where it never was.
    package var failure: (any Error)? { state.withLock { $0.failure } }
    /// Segments that ``confirm(_:)`` can compare.
    var summed: Int { state.withLock { $0.sums.count } }
    /// What was handed over.
    package var handedOver: (files: Int, bytes: UInt64) { state.withLock { ($0.files, $0.bytes) } }

    /// Asks for a segment that was handed over once more, when the server asks for nothing any more: only its header and its length were
    /// looked at, and a line may have damaged the rest.
    /// - Throws: ``Obstacle``: `transfer-damaged` when other bytes come now; whatever keeps them from coming.
    func confirm(_ segment: WALSegmentName) throws {
        guard let first = state.withLock({ $0.sums[segment] }) else { return }
        guard let path = try supply(segment.description) else {
            throw Obstacle(.vanished, "\(segment) is not in the archive any more")
        }
        guard try Self.sum(of: FileBytes(path)) == first else {
            throw Obstacle(
                .transferDamaged, "segment \(segment) comes differently each time that it is read",
                hint: "Something on the way damages it: try another line, or https.")
        }
    }

    /// Ends the answering; returns when nothing is touched any more.
    package func stop() {
        state.withLock { $0.isStopping = true }
        // Not by the descriptor that waits: a pipe that the server filled wakes the reader, too.
        let waker = try? Self.open("\(directory)/request", O_WRONLY | O_NONBLOCK)
        LineWriter.writeBytes([UInt8(ascii: "\n")], to: waker ?? request)
        if let waker { close(waker) }
        ended.wait()
    }

    private func serve() {
        let reader = LineReader(descriptor: request, limit: Self.longestRequest)
        while let line = reader.next(), !state.withLock({ $0.isStopping }) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
            let name = String(words[0])
            let status = reply(to: name, wantedAt: words.last)
            LineWriter.writeBytes(Array("\(name) \(status.exit)\n".utf8), to: answer)
            if let file = status.handedOver { note(file, WALSegmentName(name)) }
        }
        ended.set(())
    }

    /// While the server replays it: it only reads what it was just given.
    private func note(_ file: FileBytes, _ segment: WALSegmentName?) {
        guard let segment, let sum = try? Self.sum(of: file) else { return }
        state.withLock { $0.sums[segment] = sum }
    }

    private static func sum(of file: FileBytes) throws -> UInt32 {
        var sum = CRC32C()
        let reader = try file.makeReader(at: 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return sum.value }
            sum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// - Returns: the script's exit status, and the file that was handed over.
    private func reply(to name: String, wantedAt path: Substring?) -> (exit: Int, handedOver: FileBytes?) {
        do {
            let target = path?.split(separator: "/").last ?? ""
            guard WALFileName(name) != nil, Self.targets.contains(target) else {
                throw Obstacle(.serverFailed, "the server asks the archive for a file that no archiver takes")
            }
            guard let path = try supply(name) else { return (1, nil) }
            let file = try? FileBytes(path)
            try hand(path, over: String(target))
            return (0, file)
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            return (Self.refusal, nil)
        }
    }

    /// Gives the file to the server, in its directory of the log. A rename: it follows no link that the server may have put there.
    private func hand(_ path: String, over target: String) throws {
        guard let status = DirectoryTree.status(path), status.isRegular else {
            throw DirectoryTree.obstacle("found", path)
        }
        guard chmod(path, 0o600) == 0, user.map({ lchown(path, $0.identifier, $0.group) }) ?? 0 == 0,
            renameat(AT_FDCWD, path, log, target) == 0
        else { throw DirectoryTree.obstacle("handed over", path) }
        state.withLock { state in
            state.files += 1
            state.bytes += UInt64(clamping: status.st_size)
        }
    }

    private static func make(
        _ path: String, _ mode: UInt32, _ user: ProcessUser?, _ body: (String, UInt32) -> Int32
    ) throws {
        guard body(path, mode) == 0 else { throw DirectoryTree.obstacle("made", path) }
        try share(path, mode, user)
    }

    private static func share(_ path: String, _ mode: UInt32, _ user: ProcessUser?) throws {
        guard chmod(path, mode) == 0, user.map({ lchown(path, geteuid(), $0.group) }) ?? 0 == 0 else {
            throw DirectoryTree.obstacle("shared", path)
        }
    }

    private static func open(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("opened", path) }
        return descriptor
    }

    /// An answer that nobody fetched, because its script was ended, is passed over; so is one whose file the server removed since.
    private static let script = """
        here=${0%/*}
        printf '%s %s\\n' "$1" "$2" >"$here/request" || exit \(refusal)
        while read -r name status <"$here/answer"; do
            [ "$name" = "$1" ] || continue
            [ "$status" != 0 ] || [ -e "$2" ] || continue
            exit "$status"
        done
        exit \(refusal)

        """
}
