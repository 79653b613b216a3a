package import Integrity

/// What is known of a dump and of the server it is loaded into, for judging errors.
package struct LoadCircumstances: Sendable, Equatable {
    /// Major version of the server that was dumped; `nil` where the dump does not say.
    package var dumpedMajor: Int?
    /// Major version of the pg_dump that wrote it.
    package var toolMajor: Int?
    /// Major version of the server it is loaded into.
    package var serverMajor: Int
    /// The dump creates what it has data for.
    package var hasSchema: Bool
    /// It creates extensions, and with them things that are not in the dump.
    package var createsExtensions: Bool

    /// psql loads it: after a COPY that the server refuses, it takes the rows for statements, and what they end in.
    package var rowsMayRunAsStatements = false

    package init(contents: DumpContents, serverMajor: Int) {
        dumpedMajor = contents.header.serverMajor
        toolMajor = contents.header.toolMajor
        self.serverMajor = serverMajor
        hasSchema = contents.hasSchema
        createsExtensions = contents.extensions.contains { $0 != "plpgsql" }
    }

    /// In words, where another version may be why a statement is not understood.
    var versionDifference: String? {
        if let dumpedMajor, dumpedMajor != serverMajor {
            return "the dump is of PostgreSQL \(dumpedMajor), the server that restores it is \(serverMajor)"
        }
        if let toolMajor, toolMajor > serverMajor {
            return "pg_dump \(toolMajor) wrote the dump, the server that restores it is \(serverMajor)"
        }
        return nil
    }
}
