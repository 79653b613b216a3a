import Backups
import FoundationEssentials
import Glibc

/// What a scratch directory says of its owner, in `owner.json`.
struct ScratchMarker: Codable, Equatable, Sendable {
    enum State: String, Codable { case running, kept }

    /// Version of this file's shape.
    var restorable = 1
    var tool = ToolVersion.current
    /// The warden's.
    var process: ProcessIdentity
    var state: State
    /// The server had IPC of its own: the ids in its files mean nothing outside.
    var hasNamespaces: Bool

    /// - Throws: ``Obstacle`` when this process can't be told from others.
    static func ofThisProcess(_ state: State, hasNamespaces: Bool) throws -> ScratchMarker {
        guard let process = ProcessIdentity.current else {
            throw Obstacle(.internalError, "/proc does not show this process", hint: "mount /proc")
        }
        return ScratchMarker(process: process, state: state, hasNamespaces: hasNamespaces)
    }

    /// Writes it under another name first, so that it is whole or not there.
    func write(to directory: ScratchDirectory) throws {
        let bytes = try JSONEncoder().encode(self)
        let temporary = "\(directory.marker).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("written", temporary) }
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, rename(temporary, directory.marker) == 0 else {
            throw DirectoryTree.obstacle("written", directory.marker)
        }
    }

    /// - Returns: `nil` when there is no marker of ours.
    static func read(from directory: ScratchDirectory) -> ScratchMarker? {
        guard let status = DirectoryTree.status(directory.marker), status.isRegular, status.st_uid == geteuid(),
            status.st_size < 65_536
        else { return nil }
        let descriptor = open(directory.marker, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count == buffer.count else { return nil }
        return try? JSONDecoder().decode(ScratchMarker.self, from: Data(buffer))
    }
}
