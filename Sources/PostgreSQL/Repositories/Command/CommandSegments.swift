import Backups
import Integrity
import Glibc
import Processes

/// The archive of a configured tool as `list_wal` lists it: a file a line, its name and when it was stored. Its names are those that
/// `restore_command` is asked for, however they are stored.
struct CommandSegments: WALArchiveSource {
    /// The largest segment that is looked at.
    private static let largest = 1 << 30

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

    func open(_ path: String) throws -> any StoredBytes {
        var template = Array("\(RepositoryTool.variable("TMPDIR") ?? "/tmp")/restorable-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Obstacle(.diskFull, "no temporary directory can be made: \(String(cString: strerror(errno)))")
        }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let file = "\(directory)/\(path)"
        defer {
            unlink(file)
            rmdir(directory)
        }
        guard try archive.fetch(path, to: file, cancellation) else {
            throw Obstacle(.vanished, "\(path) was listed, and is not there any more")
        }
        let bytes = try FileBytes(file).makeReader(at: 0).bytes(Self.largest)
        var damage: ContentDamage?
        if case .segment? = WALFileName(path), let header = WALPageHeader(Array(bytes.prefix(WALPageHeader.length))),
            header.segmentSize.bytes != UInt64(bytes.count)
        {
            damage = ContentDamage(
                "wal", .truncated, "it has \(bytes.count) bytes, and says that it has \(header.segmentSize.bytes)")
        }
        return FetchedBytes(name: path, bytes: bytes, damage: damage)
    }

    /// Of the first segment that says it.
    private func wholeSize(_ entries: [WALArchiveEntry]) throws -> UInt64 {
        let segments = entries.lazy.reversed().filter {
            if case .segment? = WALFileName($0.path) { true } else { false }
        }
        for entry in segments.prefix(3) {
            // One that is not there yet, or any more, or is damaged: who looks at it finds out, and tells.
            guard let bytes = try? open(entry.path), (bytes as? FetchedBytes)?.damage == nil else {
                try cancellation.check()
                continue
            }
            if let header = WALPageHeader(try bytes.makeReader(at: 0).bytes(WALPageHeader.length)) {
                return header.segmentSize.bytes
            }
        }
        return WALSegmentSize.usual.bytes
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
