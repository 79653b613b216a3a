/// Which keys a configuration may have, noted while one is read: the reader itself is the description of them.
///
/// A section is named by its path without the numbers of lists: `databases[].backups`; the whole file by nothing.
final class KeyRecord {
    /// What stands behind a key.
    enum Form: Equatable {
        /// Anything, as far as the reader says.
        case anything
        /// One value; the expectation is what the reader says of a wrong one.
        case text(expectation: String?)
        /// A list of values.
        case texts
        /// A mapping.
        case section
        /// A list of mappings.
        case sections

        /// Of two notes about one key the one that says more counts.
        fileprivate var detail: Int {
            switch self {
            case .anything: 0
            case .text(expectation: nil): 1
            default: 2
            }
        }
    }

    struct Key: Equatable {
        let name: String
        var form: Form
        var isRequired = false
    }

    /// Keys by section, in the order they are read.
    private(set) var sections: [String: [Key]] = [:]

    func note(_ name: String, _ form: Form, in path: String) {
        let section = Self.section(of: path)
        guard let index = sections[section]?.firstIndex(where: { $0.name == name }) else {
            sections[section, default: []].append(Key(name: name, form: form))
            return
        }
        guard let known = sections[section]?[index], known.form.detail < form.detail else { return }
        sections[section]?[index].form = form
    }

    func require(_ name: String, in path: String) {
        note(name, .text(expectation: nil), in: path)
        let section = Self.section(of: path)
        guard let index = sections[section]?.firstIndex(where: { $0.name == name }) else { return }
        sections[section]?[index].isRequired = true
    }

    /// `databases[0].backups` → `databases[].backups`.
    private static func section(of path: String) -> String {
        var output = ""
        var isNumber = false
        for letter in path {
            if letter == "]" { isNumber = false }
            if !isNumber { output.append(letter) }
            if letter == "[" { isNumber = true }
        }
        return output
    }
}
