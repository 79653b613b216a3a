/// The address of what a backup tool keeps: `pgbackrest:STANZA`, `barman:SERVER`, `barman-cloud:s3://BUCKET/PREFIX/SERVER`,
/// `command:/FILE.yml`; one backup of it as `pgbackrest:STANZA/LABEL`, `barman-cloud:s3://…/SERVER/20261122T044010`,
/// `command:/FILE.yml:LABEL`. A configuration of pgBackRest or Barman that lies elsewhere than it looks by itself stands in front:
/// `pgbackrest:/etc/pgbackrest/shop.conf:STANZA`.
package struct RepositoryAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Tool: String, Sendable, CaseIterable {
        case pgbackrest, barman
        case barmanCloud = "barman-cloud"
        /// Any other, by commands that a file names.
        case command

        package var scheme: String { "\(rawValue):" }
        /// What its backups are.
        package var format: BackupFormat {
            switch self {
            case .pgbackrest: .pgbackrest
            case .barman: .barman
            case .barmanCloud: .barmanCloud
            case .command: .command
            }
        }
        /// For messages.
        package var form: String {
            switch self {
            case .pgbackrest: "pgbackrest:STANZA"
            case .barman: "barman:SERVER"
            case .barmanCloud: "barman-cloud:s3://BUCKET/PREFIX/SERVER"
            case .command: "command:/FILE.yml"
            }
        }
    }

    /// Those that there are, for messages.
    package static let forms =
        "pgbackrest:STANZA, barman:SERVER, barman-cloud:s3://BUCKET/PREFIX/SERVER or command:/FILE.yml"

    package let tool: Tool
    /// File of the tool's configuration, from the root on, or of the commands; for `barman-cloud` the URL of what its servers lie in.
    /// `nil` for what the tool finds by itself.
    package let configuration: String?
    /// The stanza, or the server, or the file of the commands without its ending.
    package let name: String
    /// One backup, by the tool's own name for it; `nil` for all of them.
    package let backup: String?

    private init(_ tool: Tool, _ configuration: String?, _ name: String, _ backup: String?) {
        (self.tool, self.configuration, self.name, self.backup) = (tool, configuration, name, backup)
    }

    /// The tool, as its makers write it.
    package var title: String {
        switch tool {
        case .pgbackrest: "pgBackRest"
        case .barman: "Barman"
        case .barmanCloud: "barman-cloud"
        case .command: "the tool of \(Self.lastPart(of: configuration ?? name))"
        }
    }

    /// Whether `text` begins like one, well-formed or not.
    package static func isAddress(_ text: String) -> Bool { Tool.allCases.contains { text.hasPrefix($0.scheme) } }

    /// - Returns: `nil` for what is none, or names nothing. Names that the tools' own options could be taken for are none.
    package init?(_ text: String) {
        guard let tool = Tool.allCases.first(where: { text.hasPrefix($0.scheme) }) else { return nil }
        let rest = text.dropFirst(tool.scheme.count)
        switch tool {
        case .pgbackrest, .barman: self.init(named: rest, tool)
        case .barmanCloud: self.init(stored: rest)
        case .command: self.init(commands: rest)
        }
    }

    private init?(named text: Substring, _ tool: Tool) {
        var rest = text
        var configuration: String?
        if rest.hasPrefix("/") {
            guard let colon = rest.lastIndex(of: ":") else { return nil }
            configuration = String(rest[..<colon])
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ Self.isName($0) }) else { return nil }
        self.init(tool, configuration, String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }

    /// `s3://bucket/prefix/server`, and a backup behind it: these have names of one form (`BackupInfo` of barman/infofile.py).
    private init?(stored text: Substring) {
        let scheme = "s3://"
        guard text.hasPrefix(scheme) else { return nil }
        var parts = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.allSatisfy({ Self.isName($0) }) else { return nil }
        let backup = parts.last.flatMap { Self.isMoment($0) ? String($0) : nil }
        if backup != nil { parts.removeLast() }
        guard parts.count >= 2, parts[0].utf8.count >= 3, let server = parts.last else { return nil }
        self.init(.barmanCloud, scheme + parts.dropLast().joined(separator: "/"), String(server), backup)
    }

    private init?(commands text: Substring) {
        guard text.hasPrefix("/"), let slash = text.lastIndex(of: "/") else { return nil }
        let parts = text[text.index(after: slash)...].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts.dropFirst().allSatisfy({ Self.isName($0) }) else {
            return nil
        }
        let name = parts[0].split(separator: ".").first.map(String.init) ?? String(parts[0])
        self.init(
            .command, String(text[...slash] + parts[0]), name, parts.count == 2 ? String(parts[1]) : nil)
    }

    /// `20261122T044010`.
    private static func isMoment(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 15
            && bytes.enumerated().allSatisfy { index, byte in
                index == 8 ? byte == UInt8(ascii: "T") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    /// What the tools take for a name, and no shell, option or path would.
    package static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-.".unicodeScalars.contains($0)
        }
    }

    private static func lastPart(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// All of it, whichever backup is named.
    package var repository: RepositoryAddress { RepositoryAddress(tool, configuration, name, nil) }

    /// One backup of it.
    package func naming(_ backup: String) -> RepositoryAddress { RepositoryAddress(tool, configuration, name, backup) }

    package var description: String {
        switch tool {
        case .pgbackrest, .barman:
            "\(tool.scheme)\(configuration.map { "\($0):" } ?? "")\(name)\(backup.map { "/\($0)" } ?? "")"
        case .barmanCloud: "\(tool.scheme)\(configuration ?? "")/\(name)\(backup.map { "/\($0)" } ?? "")"
        case .command: "\(tool.scheme)\(configuration ?? "")\(backup.map { ":\($0)" } ?? "")"
        }
    }
}
