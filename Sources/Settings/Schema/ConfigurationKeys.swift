import Yams

/// Every key that the reader of configurations knows.
enum ConfigurationKeys {
    /// Has the reader read an empty file, then one with the sections that it asked for, and so on until it asks for nothing
    /// new.
    static func discover() -> KeyRecord {
        let nothing = ReferenceSource(environment: { _ in nil }, file: { _ in nil })
        var record = KeyRecord()
        while true {
            let deeper = KeyRecord()
            let root = node(of: "", record)
            if let reader = SectionReader(root, path: "", problems: ProblemList(keys: deeper), references: nothing) {
                _ = Configuration(reader)
            }
            guard deeper.sections != record.sections else { return record }
            record = deeper
        }
    }

    static func path(of key: String, in section: String) -> String { section.isEmpty ? key : "\(section).\(key)" }

    /// A mapping with every section that is known of it, and nothing else.
    private static func node(of section: String, _ record: KeyRecord) -> Node {
        let pairs = (record.sections[section] ?? []).compactMap { key -> (Node, Node)? in
            let path = path(of: key.name, in: section)
            let name = Node.scalar(Node.Scalar(key.name))
            switch key.form {
            case .section: return (name, node(of: path, record))
            case .sections: return (name, .sequence(Node.Sequence([node(of: path + "[]", record)])))
            case .anything, .text, .texts: return nil
            }
        }
        return .mapping(Node.Mapping(pairs))
    }
}
