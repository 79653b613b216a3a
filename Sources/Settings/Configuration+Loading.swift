import Backups
import Scheduling
import Yams

extension Configuration {
    /// Reads and validates the file at `path`.
    /// - Throws: ``InvalidSettings`` with every problem.
    package static func load(path: String, references: ReferenceSource = .process) throws -> Configuration {
        guard let bytes = TextFile.read(path, limit: 16 << 20) else {
            let problem = SettingsProblem(line: nil, column: nil, message: "the file can't be read")
            throw InvalidSettings(file: path, problems: [problem])
        }
        return try parse(String(decoding: bytes, as: UTF8.self), file: path, references: references)
    }

    /// Reads and validates `text`; `file` is for messages.
    /// - Throws: ``InvalidSettings`` with every problem.
    package static func parse(
        _ text: String, file: String, references: ReferenceSource = .process
    ) throws -> Configuration {
        let problems = ProblemList()
        let root = try compose(text, file: file)
        let reader = SectionReader(root, path: "", problems: problems, references: references)
        let configuration = reader.map { Configuration($0) }
        guard let configuration, problems.problems.isEmpty else {
            throw InvalidSettings(file: file, problems: problems.sorted)
        }
        return configuration
    }

    /// The file as it is written.
    static func compose(_ text: String, file: String) throws -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch let error as YamlError {
            throw InvalidSettings(file: file, problems: [SettingsProblem(error)])
        }
        let problem = SettingsProblem(line: nil, column: nil, message: "the file is empty")
        throw InvalidSettings(file: file, problems: [problem])
    }

    init(_ reader: SectionReader) {
        daemon = DaemonSettings(reader)
        scratch = reader.section("scratch").map { ScratchSettings($0) } ?? ScratchSettings()
        let zone = VerificationSchedule.readZone(reader) ?? .utc
        databases = reader.sections("databases").compactMap { DatabaseSettings($0, zone: zone) }
        let secrets = databases.reduce(into: Set<String>()) { $0.formUnion($1.secretVariables) }
        for index in databases.indices { databases[index].secretVariables = secrets }
        if reader.value("databases") == nil {
            reader.problems.add("databases is missing: name at least one", at: reader.node)
        }
        var names: Set<String> = []
        for database in databases where !names.insert(database.name).inserted {
            let hint = database.discovers ? ": write eu-{database} for one of them, say" : ""
            reader.problems.add("two databases are called \"\(database.name)\"\(hint)", at: reader.value("databases"))
        }
        reader.finish()
    }
}

extension SettingsProblem {
    /// libYAML's own words, with its place.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, column: mark.column, message: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.joined(separator: ", ")
            self.init(line: context.mark.line, column: context.mark.column, message: "written twice: \(keys)")
        default:
            self.init(line: nil, column: nil, message: "not YAML: \(error)")
        }
    }
}
