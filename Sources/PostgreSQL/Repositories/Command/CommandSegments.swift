import Backups
import Processes

/// The archive of a configured tool as `list_wal` lists it: a file a line, its name and when it was stored. Its names are those that
/// `restore_command` is asked for, however they are stored.
struct CommandSegments: WALArchiveSource {
    let archive: CommandArchive
    let list: RepositoryCommands.Line
    /// Who looks at segments holds their lengths against what was listed: there that of whole ones is found out, for what is stored may be
    /// packed.
    let isInspected: Bool
    let cancellation: Cancellation

    var name: String { "\(archive.repository.address)" }

    func ended(by cancellation: Cancellation) -> CommandSegments {
        CommandSegments(archive: archive, list: list, isInspected: isInspected, cancellation: cancellation)
    }

    func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
        let result = try archive.repository.run(list, [:], patience: RepositoryTool.listingPatience, cancellation)
        guard result.isSuccess else {
            throw CommandFailure(result, archive.repository.address).obstacle("list its archive")
        }
        let lines = result.outputText.split(whereSeparator: \.isNewline)
        let entries = try lines.compactMap { try Self.entry($0, of: archive.repository.address) }
        let size = try isInspected ? wholeSize(entries) : WALSegmentSize.usual.bytes
        for var entry in entries {
            entry.size = size
            try visit(entry)
        }
    }

    /// `NAME TIME`, with white space between; what follows does not count. The name may have directories before it, and an ending.
    static func entry(_ line: Substring, of address: RepositoryAddress) throws -> WALArchiveEntry? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let path = words.first.map(String.init) else { return nil }
        guard words.count > 1, let time = time(words[1]) else {
            throw Obstacle(
                .unreadable,
                "\(address.title) lists its archive in a way that can't be understood: behind a name must stand when the file was "
                    + "stored, 2026-11-20T02:00:07Z or seconds since 1970",
                hint: "docs/tools.md says what list_wal must print.")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let bare = ArchivedFileName(path) == nil ? path : Self.bare(name)
        return WALArchiveEntry(path: bare, size: 1, modified: time)
    }

    /// As the server calls it.
    private static func bare(_ name: String) -> String {
        var name = name
        let length = name.withUTF8 { WALFileName.read($0)?.length } ?? name.utf8.count
        return String(name.prefix(length))
    }

    private static func time(_ text: Substring) -> Timestamp? {
        if let time = Timestamp(text) { return time }
        guard let seconds = Double(text), seconds.isFinite, (0..<1e11).contains(seconds) else { return nil }
        return Timestamp(seconds: Int64(seconds))
    }
}
