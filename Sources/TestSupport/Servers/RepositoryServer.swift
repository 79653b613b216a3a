/// A private server whose backups and write-ahead log a tool keeps.
package protocol RepositoryServer: Sendable {
    var server: TestServer { get }
    /// As restorable is given it.
    var address: String { get }
    /// As restorable names what the tool keeps.
    var format: String { get }
    /// What restorable needs of the environment for it.
    var variables: [String: String] { get }

    /// Takes a backup.
    /// - Returns: the tool's name for it.
    @discardableResult
    func backUp() throws -> String

    /// Ends the segment that is being written, and waits until the tool has it.
    /// - Returns: its name.
    @discardableResult
    func archiveAll() throws -> String

    /// As the tool itself tells them.
    func times(of label: String) throws -> BackupTimes
}

/// One that keeps them in a directory, where a test can change them.
package protocol RepositoryOnDisk: RepositoryServer {
    /// Where a segment lies.
    func path(ofSegment name: String) throws -> String

    /// The largest file of a backup below the directories of databases.
    func dataFile(of label: String) throws -> String

    /// Has the tool remove a backup.
    func remove(_ label: String) throws
}

/// When a backup was begun and completed, in whole seconds since 1970.
package struct BackupTimes: Sendable, Equatable {
    package let began: Int
    package let completed: Int

    package init(began: Int, completed: Int) { (self.began, self.completed) = (began, completed) }

    /// - Parameter text: what a tool says, in which both stand.
    init(_ text: String, began: Regex<(Substring, Substring)>, completed: Regex<(Substring, Substring)>) throws {
        guard let first = text.firstMatch(of: began).flatMap({ Int($0.output.1) }),
            let last = text.firstMatch(of: completed).flatMap({ Int($0.output.1) })
        else { throw TestFailure("it does not say when a backup was made: \(text)") }
        self.init(began: first, completed: last)
    }
}
