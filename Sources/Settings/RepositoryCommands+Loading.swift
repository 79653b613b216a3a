package import Backups
import Yams

extension RepositoryCommands {
    /// Reads and validates the file at `path`, which is written as the configuration is. References to secrets are not replaced.
    /// - Throws: ``InvalidSettings`` with every problem.
    package static func load(path: String) throws -> RepositoryCommands {
        guard let bytes = TextFile.read(path, limit: 1 << 20) else {
            let problem = SettingsProblem(line: nil, column: nil, message: "the file can't be read")
            throw InvalidSettings(file: path, problems: [problem])
        }
        return try parse(String(decoding: bytes, as: UTF8.self), file: path)
    }

    /// Reads and validates `text`; `file` is for messages.
    /// - Throws: ``InvalidSettings`` with every problem.
    package static func parse(_ text: String, file: String) throws -> RepositoryCommands {
        let problems = ProblemList()
        let root = try Configuration.compose(text, file: file)
        let reader = SectionReader(root, path: "", problems: problems, references: .process)
        guard let commands = reader.flatMap({ RepositoryCommands($0) }), problems.problems.isEmpty else {
            throw InvalidSettings(file: file, problems: problems.sorted)
        }
        return commands
    }

    init?(_ reader: SectionReader) {
        let restore = reader.line("restore", with: ["d"], or: ["b", "t"])
        let restoreCommand = reader.line("restore_command", with: ["f", "p"])
        let list = reader.line("list")
        let listWAL = reader.line("list_wal")
        let environment = reader.parsedList("environment", as: "the name of a variable, without a value") { name in
            let isName = name.utf8.dropLast(name.hasSuffix("*") ? 1 : 0).allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            return isName && !name.isEmpty && name != "*" ? name : nil
        }
        let absence = Set(reader.statuses("absence"))
        let damage = Set(reader.statuses("damage"))
        let isAtomic = reader.parsed("atomic", as: "true or false") { Bool($0) } ?? false
        if reader.value("restore") == nil {
            reader.problems.add("restore is missing: the command that puts a backup together", at: reader.node)
        }
        if !absence.isDisjoint(with: damage) {
            reader.refuse("damage", "one status can't say both that a file is not there and that it is damaged")
        }
        if restoreCommand == nil {
            for key in ["list_wal", "absence"] where reader.value(key) != nil {
                reader.refuse(key, "it is of no use without restore_command")
            }
        } else if absence.isEmpty, listWAL == nil {
            reader.problems.add(
                "restore_command needs absence, its exit statuses that say that a file is not there, or list_wal, which shows it",
                at: reader.value("restore_command"))
        }
        reader.finish()
        guard let restore else { return nil }
        self.init(restore: restore)
        (self.restoreCommand, self.list, self.listWAL) = (restoreCommand, list, listWAL)
        (self.environment, self.absence, self.damage) = (environment, absence, damage)
        self.isAtomic = isAtomic
    }
}

extension SectionReader {
    /// A command: a list of words, or a line for a shell.
    /// - Parameters:
    ///   - needed: letters that must stand behind a `%` in it.
    ///   - allowed: those that may, too.
    fileprivate func line(
        _ key: String, with needed: [Character] = [], or allowed: [Character] = []
    ) -> RepositoryCommands.Line? {
        guard let node = value(key) else { return nil }
        let words: [String]
        let line: RepositoryCommands.Line
        if let text = node.scalar?.string {
            (words, line) = ([text], .shell(text))
        } else {
            words = command(key)
            line = .words(words)
        }
        guard let program = words.first, !program.isEmpty else {
            problems.add("\(name(of: key)) must be a command: a list of words, or a line for a shell", at: node)
            return nil
        }
        if case .words = line, program.contains("/"), !program.hasPrefix("/") {
            problems.add(
                "\(name(of: key)): \(program) must be a name that is in PATH, or a path from the root on", at: node)
        }
        let letters = line.placeholders
        for letter in needed where !letters.contains(letter) {
            problems.add("\(name(of: key)) must have %\(letter) in it", at: node)
        }
        let known = needed + allowed + ["%"]
        for letter in letters where !known.contains(letter) {
            let list = known.map { "%\($0)" }.joined(separator: ", ")
            problems.add("\(name(of: key)): %\(letter) stands for nothing here; known are \(list)", at: node)
        }
        return line
    }

    /// Exit statuses that a command chooses itself.
    fileprivate func statuses(_ key: String) -> [Int32] {
        parsedList(key, as: "an exit status from 1 to 125") { text in
            Int32(text).flatMap { (1...125).contains($0) ? $0 : nil }
        }
    }
}
