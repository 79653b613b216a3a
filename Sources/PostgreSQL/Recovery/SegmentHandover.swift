import Backups
import Glibc
package import Processes
import Synchronization

/// Answers the `restore_command` of a server in scratch, which sees neither the archive nor any network: a script asks
/// for a file through one pipe, and hears through another whether it lies ready.
///
///     DIRECTORY/restore    what the server runs
///     DIRECTORY/request    a name, and a line end
///     DIRECTORY/answer     that name, the script's exit status, and where the file lies in DIRECTORY/files
///     DIRECTORY/files/     for the supply to put files into
///
/// The server may read all that and write to the request alone. The status is 0 when the file was handed over, 1 only when
/// it is certain that the archive has none, and 200 for all else: above 125 PostgreSQL gives up, where 1 to 125 would have
/// it take the archive for ended, and promote (PostgreSQL 18 documentation, "25.3.5. Recovering Using a Continuous Archive
/// Backup": "restore_command").
package final class SegmentHandover: Sendable {
    /// - Returns: the path of the whole file in DIRECTORY/files; `nil` only when it is proved that the archive has none.
    package typealias Supply = @Sendable (_ name: String) throws -> String?

    private static let refusal = 200

    private struct State {
        var failure: (any Error)?
        var files = 0
        var bytes: UInt64 = 0
        var isStopping = false
    }

    package let directory: String
    private let request: Int32
    private let answer: Int32
    private let user: ProcessUser?
    private let supply: Supply
    private let state = Mutex(State())
    private let ended = SignalledOnce<Void>()

    /// Begins to answer.
    /// - Parameters:
    ///   - directory: does not exist yet.
    ///   - user: the server's, who may read what lies here; `nil` where it is our own.
    package init(_ directory: String, user: ProcessUser?, makeSupply: (_ files: String) throws -> Supply) throws {
        self.directory = directory
        self.user = user
        try Self.make(directory, 0o750, user) { mkdir($0, $1) }
        try Self.make("\(directory)/files", 0o750, user) { mkdir($0, $1) }
        try Self.make("\(directory)/request", 0o620, user) { mkfifo($0, $1) }
        try Self.make("\(directory)/answer", 0o640, user) { mkfifo($0, $1) }
        try Self.make("\(directory)/restore", 0o640, user) { path, mode in
            let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
            guard descriptor >= 0 else { return -1 }
            defer { close(descriptor) }
            return LineWriter.writeBytes(Array(Self.script.utf8), to: descriptor) ? 0 : -1
        }
        supply = try makeSupply("\(directory)/files")
        request = try Self.open(pipe: "\(directory)/request")
        do {
            answer = try Self.open(pipe: "\(directory)/answer")
        } catch {
            close(request)
            throw error
        }
        DetachedThread.start(named: "segment handover") { self.serve() }
    }

    deinit {
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
    /// What was handed over.
    package var handedOver: (files: Int, bytes: UInt64) { state.withLock { ($0.files, $0.bytes) } }

    /// Ends the answering; returns when nothing is touched any more.
    package func stop() {
        state.withLock { $0.isStopping = true }
        LineWriter.writeBytes([UInt8(ascii: "\n")], to: request)
        ended.wait()
    }

    private func serve() {
        let reader = LineReader(descriptor: request)
        while let line = reader.next(), !state.withLock({ $0.isStopping }) {
            let name = String(decoding: line, as: UTF8.self)
            LineWriter.writeBytes(Array("\(name) \(reply(to: name))\n".utf8), to: answer)
        }
        ended.set(())
    }

    private func reply(to name: String) -> String {
        do {
            guard WALFileName(name) != nil else {
                throw Obstacle(.serverFailed, "the server asks the archive for a file that no archiver takes")
            }
            guard let path = try supply(name) else { return "1" }
            return "0 \(try lay(path))"
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            return "\(Self.refusal)"
        }
    }

    /// Lets the server read the file.
    /// - Returns: its name in the directory of files.
    private func lay(_ path: String) throws -> Substring {
        guard let slash = path.lastIndex(of: "/"), let status = DirectoryTree.status(path), status.isRegular else {
            throw DirectoryTree.obstacle("found", path)
        }
        try Self.share(path, 0o640, user)
        state.withLock { state in
            state.files += 1
            state.bytes += UInt64(clamping: status.st_size)
        }
        return path[path.index(after: slash)...]
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

    /// For reading and writing both, so that it never ends, whoever comes and goes at its other end (fifo(7)).
    private static func open(pipe path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("opened", path) }
        return descriptor
    }

    /// An answer that nobody fetched, because its script was ended, is passed over. What is copied is on the same disk.
    private static let script = """
        here=${0%/*}
        printf '%s\\n' "$1" >"$here/request" || exit \(refusal)
        while read -r name status file <"$here/answer"; do
            [ "$name" = "$1" ] || continue
            [ "$status" = 0 ] || exit "$status"
            cp -- "$here/files/$file" "$2" || exit \(refusal)
            exit 0
        done
        exit \(refusal)

        """
}
