package import Backups
import Integrity

/// An archive in a directory and all below it. Links are followed, but no directory is entered twice; hidden names are left
/// out.
package struct WALDirectory: WALArchiveSource {
    package let name: String

    /// - Parameter path: of the directory.
    package init(_ path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        name = path
    }

    package func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
        var files = FilesBelow(name, where: { !$0.hasPrefix(".") }, isOrdered: false)
        try files.visit { path, file in
            try visit(WALArchiveEntry(path: path, size: file.size, modified: file.modified))
        }
    }

    package func open(_ path: String) throws -> any StoredBytes { try FileBytes("\(name)/\(path)") }
}
