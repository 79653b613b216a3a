import Backups
import Glibc
import Integrity
import Processes

/// A directory of scratch for segments that are looked at: `restorable gc` knows it when it is left behind.
struct WALScratch {
    private let root: ScratchRoot
    private let claim: ScratchClaim
    /// Who may read the segments, besides us; `nil` when we are not root.
    let reader: ProcessUser?

    /// Where the segments lie: `pg_waldump` must be able to list it.
    var path: String { "\(claim.directory.path)/wal" }

    init(_ configuration: ScratchConfiguration) throws {
        root = try ScratchRoot(configuration.directory)
        reader = try configuration.serverUser()
        guard let process = ProcessIdentity.current else {
            throw Obstacle(.internalError, "this process is not in /proc")
        }
        let directory = ScratchDirectory(existing: ScratchRoot.makeName(), in: root.path)
        claim = try ScratchClaim(
            directory, root: root, marker: ScratchMarker(process: process, state: .running, hasNamespaces: false))
        guard mkdir(path, 0o750) == 0, reader.map({ chown(path, geteuid(), $0.group) }) ?? 0 == 0 else {
            throw DirectoryTree.obstacle("made", path)
        }
    }

    func remove() throws {
        try claim.remove(hasNamespaces: false, lockingRoot: root)
    }

    /// Writes what `content` holds, at most `limit` bytes, as a file that only the reader may read.
    func write(_ content: any ByteReader, to name: String, limit: UInt64, cancellation: Cancellation) throws {
        let path = "\(path)/\(name)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("written", path) }
        defer { close(descriptor) }
        if let reader, fchown(descriptor, reader.identifier, reader.group) != 0 {
            throw DirectoryTree.obstacle("given to \(reader.name)", path)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        var written: UInt64 = 0
        while written < limit {
            try cancellation.check()
            let count = try content.read(into: buffer)
            if count == 0 { return }
            var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            while !rest.isEmpty {
                let done = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if done < 0, errno == EINTR { continue }
                guard done > 0 else { throw DirectoryTree.obstacle("written", path) }
                rest = UnsafeRawBufferPointer(rebasing: rest[done...])
            }
            written += UInt64(count)
        }
    }

    func removeFile(_ name: String) { unlink("\(path)/\(name)") }
}
