package import Backups
import Processes

/// A remote of rclone, or a directory in it: every cloud that is not S3, through the rclone that is installed.
///
/// rclone lists in no order, so a listing is held in memory and sorted.
package struct RcloneLocation: Location {
    package static let scheme = RcloneAddress.scheme

    let program: RcloneProgram
    /// As `remote:path`, without a slash at its end.
    private let root: String

    package let address: String

    /// - Parameter address: `rclone:remote:path`.
    /// - Throws: ``Obstacle`` for an address without a remote or with settings of one, and when there is no rclone.
    init(_ address: String, environment: [String: String]) throws {
        guard !RcloneAddress.holdsSettings(address) else {
            throw Obstacle(.unreadable, RcloneAddress.refusal, hint: RcloneAddress.hint)
        }
        var root = address.dropFirst(Self.scheme.count)
        while root.hasSuffix("/"), !root.hasSuffix(":/"), root.count > 1 { root = root.dropLast() }
        guard address.hasPrefix(Self.scheme), root.dropFirst().contains(":") else {
            throw Obstacle(.unreadable, "\(address) names no remote of rclone", hint: "Write rclone:REMOTE:PATH.")
        }
        self.root = String(root)
        self.address = Self.scheme + self.root
        program = try RcloneProgram(environment)
    }

    func place(_ path: String) -> String {
        root.hasSuffix(":") || root.hasSuffix("/") ? root + path : "\(root)/\(path)"
    }

    package func list(
        after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void
    ) throws {
        // It proves what is not there: what has no size must not be passed over.
        let objects = try entries(cancellation).compactMap { try $0.object() }
        let first = start.map { Array($0.utf8) }
        for object in objects.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            if let first, !first.lexicographicallyPrecedes(object.path.utf8) { continue }
            try visit(object)
        }
    }

    /// What has no size is no backup, and is named.
    package func survey(cancellation: Cancellation) throws -> LocationListing {
        var backups = ListedBackups(address: address)
        let entries = try entries(cancellation)
        for entry in entries where entry.hasSize {
            if let object = try entry.object() { backups.add(object) }
        }
        return LocationListing(
            entries: backups.entries, skipped: entries.filter { !$0.hasSize }.map { "\(address)/\($0.Path)" }.sorted(),
            hasOwnTime: false)
    }

    private func entries(_ cancellation: Cancellation) throws -> [RcloneEntry] {
        let arguments = ["lsjson", "--recursive", "--files-only", "--no-mimetype"]
        let output = try RcloneOutput(program, arguments, [root], cancellation: cancellation)
        var entries: [RcloneEntry] = []
        // An array with an object on each line.
        while let line = try output.nextLine() {
            guard line.first == UInt8(ascii: "{") else { continue }
            let text = line.last == UInt8(ascii: ",") ? line.dropLast() : line
            guard let entry = RcloneEntry.read(text) else {
                throw Obstacle(
                    .connectionFailed, "the listing of \(address) can't be read", hint: "Is it a recent rclone?")
            }
            entries.append(entry)
        }
        try output.finish(address)
        return entries
    }

    package func find(_ path: String, cancellation: Cancellation) throws -> StoredObject? {
        let result = try program.run(["lsjson", "--stat", "--no-mimetype"], [place(path)], cancellation: cancellation)
        switch result.end {
        case .exited(0): break
        case .exited(RcloneProgram.Status.directoryNotFound), .exited(RcloneProgram.Status.fileNotFound): return nil
        default: throw program.obstacle(result.end, result.errorText, "\(address)/\(path)")
        }
        return try RcloneEntry.read(result.output)?.object(at: path)
    }

    package func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes {
        guard let facts = try find(path, cancellation: cancellation) else {
            throw Obstacle(
                .unreadable, "\(Self.scheme)\(place(path)) is not there", hint: "Check the path; case counts.")
        }
        return RcloneObject(location: self, facts: facts, cancellation: cancellation)
    }

    package func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter {
        try RcloneWriter(location: self, path: path, cancellation: cancellation)
    }

    /// Files of hidden names, as ``RcloneWriter`` gives them.
    package func unfinished(
        cancellation: Cancellation, where isWanted: (String) -> Bool
    ) throws -> [UnfinishedObject] {
        var found: [UnfinishedObject] = []
        for entry in try entries(cancellation) {
            guard let path = RcloneWriter.path(ofPartial: entry.Path), isWanted(path), let object = try entry.object()
            else { continue }
            found.append(UnfinishedObject(path: path, identifier: object.path, touched: object.modified))
        }
        return found
    }

    package func remove(_ unfinished: UnfinishedObject, cancellation: Cancellation) throws {
        try remove(unfinished.identifier, cancellation: cancellation)
    }

    package func remove(_ path: String, cancellation: Cancellation) throws {
        let result = try program.run(["deletefile"], [place(path)], cancellation: cancellation)
        switch result.end {
        case .exited(0), .exited(RcloneProgram.Status.directoryNotFound), .exited(RcloneProgram.Status.fileNotFound):
            return
        default: throw program.obstacle(result.end, result.errorText, "\(address)/\(path)")
        }
    }
}
