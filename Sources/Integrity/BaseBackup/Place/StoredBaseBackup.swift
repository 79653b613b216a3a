import Backups

/// A base backup in a bucket, or wherever a ``Location`` leads to: everything below that location.
///
/// A store has no directories: they are those that its objects lie in, and marks of empty ones (names that end with a
/// slash).
struct StoredBaseBackup: BaseBackupFiles {
    let leastThreads = 8
    let isOverLine = true
    private let location: any Location
    private let cancellation: Cancellation
    private let objects: [StoredObject]

    var name: String { location.address }

    /// Lists it.
    /// - Throws: ``Obstacle`` when it can't be listed.
    init(_ location: any Location, _ cancellation: Cancellation) throws {
        self.location = location
        self.cancellation = cancellation
        objects = try location.objects(cancellation: cancellation)
    }

    func names() -> [String: UInt64] {
        var names: [String: UInt64] = [:]
        for object in objects {
            if let slash = object.path.firstIndex(of: "/") {
                names[String(object.path[..<slash])] = 0
            } else {
                names[object.path] = object.size
            }
        }
        return names
    }

    func tree() throws -> BaseBackupTree {
        var tree = BaseBackupTree()
        var known: Set<DataPath> = []
        for object in objects {
            let isMark = object.path.hasSuffix("/")
            let path = DataPath(isMark ? String(object.path.dropLast()) : object.path)
            guard path.staysBelow else {
                tree.flaws.append(
                    BaseBackupFlaw(path: path, reason: .extraFile, message: "\(path) is no name of a file"))
                continue
            }
            Self.enter(isMark ? path : path.parent, &tree, &known)
            if !isMark { tree.files.append(BaseBackupTree.Found(path: path, size: object.size)) }
        }
        return tree
    }

    /// Notes a directory, after those that it lies in.
    private static func enter(_ directory: DataPath?, _ tree: inout BaseBackupTree, _ known: inout Set<DataPath>) {
        guard let directory, known.insert(directory).inserted else { return }
        enter(directory.parent, &tree, &known)
        tree.directories.append(directory)
    }

    func read(_ path: DataPath) throws -> any ByteReader { try open(path.description).makeReader(at: 0) }

    func overLine(_ path: DataPath) throws -> (any StoredBytes)? { try open(path.description).overLine }

    func open(_ name: String) throws -> any StoredBytes { try location.open(name, cancellation: cancellation) }
}
