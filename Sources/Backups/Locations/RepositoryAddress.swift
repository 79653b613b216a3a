/// The address of what a backup tool keeps: `pgbackrest:STANZA`, `barman:SERVER`; one backup of it as
/// `pgbackrest:STANZA/LABEL`. A configuration of the tool that lies elsewhere than it looks by itself stands in front:
/// `pgbackrest:/etc/pgbackrest/shop.conf:STANZA`.
package struct RepositoryAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Tool: String, Sendable, CaseIterable {
        case pgbackrest, barman

        package var scheme: String { "\(rawValue):" }
        /// As its makers write it.
        package var title: String { self == .pgbackrest ? "pgBackRest" : "Barman" }
        /// What its backups are.
        package var format: BackupFormat { self == .pgbackrest ? .pgbackrest : .barman }
        /// For messages.
        package var form: String { self == .pgbackrest ? "pgbackrest:STANZA" : "barman:SERVER" }
    }

    package let tool: Tool
    /// File of the tool's configuration, from the root on; `nil` for the one that it finds by itself.
    package let configuration: String?
    /// The stanza, or the server.
    package let name: String
    /// One backup, by the tool's own name for it; `nil` for all of them.
    package let backup: String?

    private init(_ tool: Tool, _ configuration: String?, _ name: String, _ backup: String?) {
        (self.tool, self.configuration, self.name, self.backup) = (tool, configuration, name, backup)
    }

    /// Whether `text` begins like one, well-formed or not.
    package static func isAddress(_ text: String) -> Bool { Tool.allCases.contains { text.hasPrefix($0.scheme) } }

    /// - Returns: `nil` for what is none, or names nothing. Names that the tools' own options could be taken for are none.
    package init?(_ text: String) {
        guard let tool = Tool.allCases.first(where: { text.hasPrefix($0.scheme) }) else { return nil }
        var rest = text.dropFirst(tool.scheme.count)
        var configuration: String?
        if rest.hasPrefix("/") {
            guard let colon = rest.lastIndex(of: ":") else { return nil }
            configuration = String(rest[..<colon])
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy(Self.isName) else { return nil }
        self.init(tool, configuration, String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }

    /// What both tools take for a name, and no shell, option or path would.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-.".unicodeScalars.contains($0)
        }
    }

    /// All of it, whichever backup is named.
    package var repository: RepositoryAddress { RepositoryAddress(tool, configuration, name, nil) }

    /// One backup of it.
    package func naming(_ backup: String) -> RepositoryAddress { RepositoryAddress(tool, configuration, name, backup) }

    package var description: String {
        "\(tool.scheme)\(configuration.map { "\($0):" } ?? "")\(name)\(backup.map { "/\($0)" } ?? "")"
    }
}
