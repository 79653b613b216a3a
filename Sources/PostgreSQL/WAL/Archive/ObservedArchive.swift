import Backups

/// An archive that tells whoever waits for it that a listing comes on: one of a remote may take many minutes without hanging.
struct ObservedArchive: WALArchiveSource {
    /// As many as a page of an object store has.
    private static let step: UInt64 = 1000

    private let source: any WALArchiveSource
    private let progress: any ProgressObserver

    init(_ source: any WALArchiveSource, _ progress: any ProgressObserver) {
        self.source = source
        self.progress = progress
    }

    var name: String { source.name }
    var resumes: Bool { source.resumes }
    var readers: Int { source.readers }

    func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
        try observed { sign in
            try source.list { entry in
                sign()
                try visit(entry)
            }
        }
    }

    func list(after start: String, _ visit: (WALArchiveEntry) throws -> Void) throws {
        try observed { sign in
            try source.list(after: start) { entry in
                sign()
                try visit(entry)
            }
        }
    }

    func open(_ path: String) throws -> any StoredBytes { try source.open(path) }

    func ended(by cancellation: Cancellation) -> ObservedArchive {
        ObservedArchive(source.ended(by: cancellation), progress)
    }

    /// - Parameter list: calls what it is given for each file.
    private func observed(_ list: (_ sign: () -> Void) throws -> Void) throws {
        progress.begin(.fetch, total: nil, unit: .items)
        defer { progress.end(.fetch) }
        var seen: UInt64 = 0
        try list {
            seen += 1
            if seen % Self.step == 0 { progress.advance(.fetch, to: seen) }
        }
    }
}
