import Backups
import FoundationEssentials

/// One entry of `rclone lsjson`.
struct RcloneEntry: Decodable {
    let Path: String
    let Size: Int64
    let ModTime: String
    let IsDir: Bool

    /// Documents that are made when they are asked for have none before (Google Docs).
    var hasSize: Bool { IsDir || Size >= 0 }

    /// `nil` for a directory.
    /// - Throws: ``Obstacle`` for a time or size that is none.
    func object(at path: String? = nil) throws -> StoredObject? {
        guard !IsDir else { return nil }
        guard hasSize, let modified = Timestamp(ModTime) else {
            throw Obstacle(
                .unsupportedFormat, "rclone does not know the size or the time of \(path ?? Path)",
                hint: "Is it a file?")
        }
        return StoredObject(path: path ?? Path, size: UInt64(Size), modified: modified)
    }

    static func read(_ line: some Sequence<UInt8>) -> RcloneEntry? {
        try? JSONDecoder().decode(RcloneEntry.self, from: Data(line))
    }
}
