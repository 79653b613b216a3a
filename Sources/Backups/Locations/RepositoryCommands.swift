/// How a tool that is not known here restores, lists and fetches: what a file says that `command:/path` names.
package struct RepositoryCommands: Sendable, Equatable {
    /// One command, with `%d` and the like in it.
    package enum Line: Sendable, Equatable {
        /// A program and its arguments: no shell reads them.
        case words([String])
        /// A line for `/bin/sh`.
        case shell(String)

        /// The letters that stand behind a `%`, in their order.
        package var placeholders: [Character] {
            let texts: [String] =
                switch self {
                case .words(let words): words
                case .shell(let line): [line]
                }
            return texts.flatMap(Self.placeholders(in:))
        }

        private static func placeholders(in text: String) -> [Character] {
            var found: [Character] = []
            var rest = text[...]
            while let percent = rest.firstIndex(of: "%") {
                let next = rest.index(after: percent)
                guard next < rest.endIndex else { return found + [" "] }
                found.append(rest[next])
                rest = rest[rest.index(after: next)...]
            }
            return found
        }

        /// The program and its arguments, with what stands for each placeholder; `%%` is a percent sign.
        /// - Throws: ``Obstacle`` where a shell would read a value as more than a word.
        package func filled(_ values: [Character: String]) throws -> [String] {
            switch self {
            case .words(let words): return words.map { Self.fill($0, values) }
            case .shell(let line):
                for letter in placeholders {
                    guard let value = values[letter], !value.utf8.allSatisfy(Self.isPlain) else { continue }
                    throw Obstacle(
                        .unsupportedFormat, "a shell would read \(value) as more than a word",
                        hint: "Write the command as a list of words, which no shell reads.")
                }
                return ["/bin/sh", "-c", Self.fill(line, values)]
            }
        }

        private static func fill(_ text: String, _ values: [Character: String]) -> String {
            var filled = ""
            var rest = text[...]
            while let percent = rest.firstIndex(of: "%") {
                filled += rest[..<percent]
                let next = rest.index(after: percent)
                guard next < rest.endIndex else { return filled + "%" }
                filled += rest[next] == "%" ? "%" : values[rest[next]] ?? "%\(rest[next])"
                rest = rest[rest.index(after: next)...]
            }
            return filled + rest
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/_-.+,:@".utf8.contains(byte)
            }
        }
    }

    /// Puts a backup together: `%d` is the data directory, `%t` where tablespaces go, `%b` the backup's name.
    package var restore: Line
    /// Brings one file of the write-ahead log: `%f` is its name, `%p` where to put it. `nil`: the backups need none.
    package var restoreCommand: Line?
    /// Prints which backups there are; `nil`: nobody can tell.
    package var list: Line?
    /// Prints which files of the write-ahead log there are; `nil`: nobody can tell.
    package var listWAL: Line?
    /// Names of variables of the environment that the commands get; a `*` at the end of one stands for the rest of many.
    package var environment: [String] = []
    /// Exit statuses of ``restoreCommand`` that say that the file is not there; empty: any that tells no ``damage``.
    package var absence: Set<Int32> = []
    /// The backups are copies of a stopped server, or of one instant: a snapshot. They need no `backup_label`.
    package var isAtomic = false
    /// Exit statuses of ``restore`` and ``restoreCommand`` that say that what is kept is damaged.
    package var damage: Set<Int32> = []

    package init(restore: Line) {
        self.restore = restore
    }
}
