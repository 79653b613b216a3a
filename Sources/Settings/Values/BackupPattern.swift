package import Scheduling

/// Which entries of a location are backups, by their path below it: `**/{database}-{time:yyyyMMdd-HHmmss}.sql*`.
///
/// `*` stands for any letters within one name, `?` for one letter, `**` for any letters of any names, `**/` for any
/// directories or none. `{database}` is the database's name. `{time:…}` is a time written with `yyyy`, `MM`, `dd`, `HH`,
/// `mm`, `ss` and letters that stand for themselves.
///
/// Without a database of its own a pattern captures `{database}`: as few letters as will do, one at least, none of them a
/// `/` or a control character.
package struct BackupPattern: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal([UInt8])
        case anyLetter
        /// Over names of directories too when `isDeep`.
        case anyLetters(isDeep: Bool)
        /// Nothing, or whatever ends with `/`.
        case anyDirectories
        case number(NameClock.Field)
        case database
    }

    /// As it stands in the configuration.
    package let text: String
    let parts: [Part]
    /// Whose clock the times in names were read from.
    let zone: TimeZoneRules
    let hasTime: Bool
    private let longestText: [UInt8]

    /// Whether it captures the name of the database.
    package var capturesDatabase: Bool { parts.contains(.database) }

    /// What every path that matches begins with.
    package var prefix: [UInt8] {
        if case .literal(let text)? = parts.first { text } else { [] }
    }

    /// Whether `path` begins and ends as all paths do that match, and has the longest text that they all have: far
    /// cheaper to tell than whether it matches.
    package func mayMatch(_ path: String) -> Bool {
        guard path.utf8.starts(with: prefix) else { return false }
        if case .literal(let text)? = parts.last, !path.utf8.reversed().starts(with: text.reversed()) { return false }
        guard let first = longestText.first else { return true }
        var path = path
        return path.withUTF8 { path in
            let last = path.count - longestText.count
            guard last >= 0 else { return false }
            return (0...last).contains {
                path[$0] == first && path[$0..<$0 + longestText.count].elementsEqual(longestText)
            }
        }
    }

    /// - Parameter database: what `{database}` stands for; `nil` to capture it.
    /// - Throws: ``PatternProblem``.
    package init(_ text: String, database: String?, zone: TimeZoneRules = .utc) throws {
        let parser = try PatternParser(text)
        self.text = text
        self.zone = zone
        hasTime = parser.hasTime
        parts = database.map { Self.parts(parser.parts, boundTo: $0) } ?? parser.parts
        longestText = Self.longestText(of: parts)
        try checkCapture()
    }

    private init(_ other: BackupPattern, _ parts: [Part]) {
        (text, zone, hasTime) = (other.text, other.zone, other.hasTime)
        self.parts = parts
        longestText = Self.longestText(of: parts)
    }

    private static func longestText(of parts: [Part]) -> [UInt8] {
        parts.reduce(into: []) { longest, part in
            if case .literal(let text) = part, text.count > longest.count { longest = text }
        }
    }

    /// The same pattern for one database.
    package func bound(to database: String) -> BackupPattern {
        BackupPattern(self, Self.parts(parts, boundTo: database))
    }

    private static func parts(_ parts: [Part], boundTo database: String) -> [Part] {
        parts.map { $0 == .database ? .literal(Array(database.utf8)) : $0 }
    }

    /// A second `{database}` must repeat the first. That is decided without trying all beginnings and ends only where the
    /// first one is the whole name of a directory.
    private func checkCapture() throws {
        guard let first = parts.firstIndex(of: .database), parts.lastIndex(of: .database) != first else { return }
        let startsName = first == 0 || parts[first - 1] == .anyDirectories || parts[first - 1].ends(with: "/")
        guard startsName, parts[first + 1].starts(with: "/") else {
            throw PatternProblem("{database} may stand there again only after a directory called {database}/")
        }
    }
}

/// Why a text is no pattern, as a sentence without its full stop.
package struct PatternProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension BackupPattern.Part {
    fileprivate func starts(with letter: Unicode.Scalar) -> Bool {
        if case .literal(let text) = self { text.first == UInt8(ascii: letter) } else { false }
    }

    fileprivate func ends(with letter: Unicode.Scalar) -> Bool {
        if case .literal(let text) = self { text.last == UInt8(ascii: letter) } else { false }
    }
}
