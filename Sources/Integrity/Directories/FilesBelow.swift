package import Backups

/// Visits the files below a directory. Links are followed, but no directory is entered twice: one that leads back ends there.
/// Only the names on the way to the present file are held.
///
/// What vanishes meanwhile is not there. What can't be looked at ends the walk: a file that is not seen is not a missing one.
package struct FilesBelow {
    private struct Child {
        let entry: DirectoryEntries.Entry
        /// What it is sorted by: a directory's files come where its name and a slash do.
        let key: [UInt8]
    }

    private let root: String
    private let isWanted: (String) -> Bool
    private let isOrdered: Bool
    private let start: [UInt8]?
    private let cancellation: Cancellation?
    private var entered: Set<DirectoryEntries.Place> = []

    /// - Parameters:
    ///   - isWanted: by the name of a file or of a directory.
    ///   - isOrdered: in the order of the bytes of their paths, which takes longer.
    ///   - start: only files whose paths come after this one.
    package init(
        _ root: String, where isWanted: @escaping (String) -> Bool = { _ in true }, isOrdered: Bool,
        after start: String? = nil, cancellation: Cancellation? = nil
    ) {
        (self.root, self.isWanted, self.isOrdered) = (root, isWanted, isOrdered)
        (self.start, self.cancellation) = (start.map { Array($0.utf8) }, cancellation)
    }

    /// - Parameter visit: is told the path below the root; what it throws ends the walk.
    /// - Throws: ``Obstacle`` unless all of it could be seen.
    package mutating func visit(_ visit: (_ path: String, DirectoryEntries.Entry) throws -> Void) throws {
        entered = []
        do {
            try enter(try DirectoryEntries(root, where: isWanted), "", visit)
        } catch let trouble as UnlistedDirectory {
            throw trouble.obstacle
        }
    }

    /// - Parameter prefix: empty, or a path below the root with a slash at its end.
    private mutating func enter(
        _ found: DirectoryEntries, _ prefix: String, _ visit: (String, DirectoryEntries.Entry) throws -> Void
    ) throws {
        try cancellation?.check()
        guard entered.insert(found.place).inserted else { return }
        if let name = found.closed.first { throw UnlistedDirectory.denied("\(root)/\(prefix)\(name)") }
        for entry in isOrdered ? Self.sorted(found.entries) : found.entries {
            let path = prefix + entry.name
            if entry.isDirectory {
                guard start.map({ Self.isAfter($0, below: "\(path)/") }) ?? true, let below = try look(path) else {
                    continue
                }
                try enter(below, "\(path)/", visit)
            } else if start.map({ $0.lexicographicallyPrecedes(path.utf8) }) ?? true {
                try visit(path, entry)
            }
        }
    }

    /// - Returns: `nil` when there is nothing of anybody's to be seen.
    private func look(_ path: String) throws -> DirectoryEntries? {
        do {
            return try DirectoryEntries.ifThere("\(root)/\(path)", where: isWanted)
        } catch let trouble as UnlistedDirectory where trouble.isOfFileSystem {
            return nil
        }
    }

    private static func sorted(_ entries: [DirectoryEntries.Entry]) -> [DirectoryEntries.Entry] {
        entries.map { Child(entry: $0, key: Array("\($0.name)\($0.isDirectory ? "/" : "")".utf8)) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.entry)
    }

    /// Whether anything below `directory` can come after `start`.
    private static func isAfter(_ start: [UInt8], below directory: String) -> Bool {
        start.starts(with: directory.utf8) || start.lexicographicallyPrecedes(directory.utf8)
    }
}
