import Backups
import Yams

/// Reads the keys of one mapping. What is asked for is known; ``finish()`` names every key that was not asked for.
final class SectionReader {
    let node: Node
    /// The keys down to here, for messages: `databases[0].backups`.
    let path: String
    let problems: ProblemList
    let references: ReferenceSource
    private let mapping: Node.Mapping
    private var known: [String] = []

    /// - Returns: `nil`, and a problem, when `node` is no mapping.
    init?(_ node: Node, path: String, problems: ProblemList, references: ReferenceSource) {
        guard case .mapping(let mapping) = node else {
            problems.add("\(path.isEmpty ? "the file" : path) must be a mapping of keys to values", at: node)
            return nil
        }
        (self.node, self.path, self.problems, self.references) = (node, path, problems, references)
        self.mapping = mapping
    }

    func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of `key`; `nil` when it is absent or null.
    func value(_ key: String) -> Node? {
        known.append(key)
        note(key, .anything)
        guard let value = mapping.first(where: { $0.key.scalar?.string == key })?.value else { return nil }
        if case .scalar(let scalar) = value, scalar.style == .plain, ["", "~", "null"].contains(scalar.string) {
            return nil
        }
        return value
    }

    func section(_ key: String) -> SectionReader? {
        note(key, .section)
        return value(key).flatMap { SectionReader($0, path: name(of: key), problems: problems, references: references) }
    }

    /// The sections of a list; empty when it is absent.
    func sections(_ key: String) -> [SectionReader] {
        note(key, .sections)
        return list(key).enumerated().compactMap {
            SectionReader($1, path: "\(name(of: key))[\($0)]", problems: problems, references: references)
        }
    }

    func list(_ key: String) -> [Node] {
        guard let node = value(key) else { return [] }
        guard case .sequence(let sequence) = node else {
            problems.add("\(name(of: key)) must be a list", at: node)
            return []
        }
        return Array(sequence)
    }

    /// A scalar with its references replaced.
    func string(_ key: String) -> String? {
        note(key, .text(expectation: nil))
        return value(key).flatMap { scalar($0, name(of: key)) }
    }

    func strings(_ key: String) -> [String] {
        note(key, .texts)
        return list(key).enumerated().compactMap { scalar($1, "\(name(of: key))[\($0)]") }
    }

    /// The words of a command. No reference is replaced in them: what a secret stands for would be read by every user of the
    /// machine, in the list of processes.
    func command(_ key: String) -> [String] {
        note(key, .texts)
        return list(key).enumerated().compactMap { index, node in
            let name = "\(name(of: key))[\(index)]"
            guard let text = scalar(node, name, isExpanded: false) else { return nil }
            if let reference = References.first(in: text) {
                problems.add(
                    "\(name): \(reference) is not replaced in a command, which every user of the machine can read while it "
                        + "runs: name a file that the command reads, as age --decrypt -i /keys/backup does, or let it look "
                        + "into its environment, which is ours", at: node)
                return nil
            }
            return text
        }
    }

    /// Says what is wrong with the value of `key`. Where a reference stands in it, nothing is said of what that stands for:
    /// it may be a password.
    func refuse(_ key: String, _ problem: String) {
        let node = value(key)
        let written = node?.scalar?.string ?? ""
        let isSafe = References.first(in: written) == nil
        problems.add("\(name(of: key)): \(isSafe ? problem : "what \(written) stands for can't be used")", at: node)
    }

    /// The value of `key` as it stands in the file.
    func written(_ key: String) -> String { value(key)?.scalar?.string ?? "" }

    /// The values of a list that `parse` understands.
    func parsedList<Value>(_ key: String, as expectation: String, _ parse: (String) -> Value?) -> [Value] {
        note(key, .texts)
        return list(key).enumerated().compactMap { index, node in
            let name = "\(name(of: key))[\(index)]"
            guard let text = scalar(node, name) else { return nil }
            if let value = parse(text) { return value }
            problems.add("\(name): \(node.scalar?.string ?? "") is not \(expectation)", at: node)
            return nil
        }
    }

    func required(_ key: String) -> String? {
        problems.keys?.require(key, in: path)
        let text = string(key)
        if value(key) == nil || text?.isEmpty == true {
            problems.add("\(name(of: key)) is missing", at: value(key) ?? node)
            return nil
        }
        return text
    }

    /// A scalar that `parse` understands.
    /// - Parameter refusal: what is to be said of a value that is not even to be repeated: it may hold a password.
    func parsed<Value>(
        _ key: String, as expectation: String, refusal: (String) -> String? = { _ in nil },
        _ parse: (String) -> Value?
    ) -> Value? {
        note(key, .text(expectation: expectation))
        guard let node = value(key), let text = scalar(node, name(of: key)) else { return nil }
        if let refusal = refusal(text) {
            problems.add("\(name(of: key)) must be \(expectation): \(refusal)", at: node)
            return nil
        }
        guard let value = parse(text) else {
            problems.add("\(name(of: key)) must be \(expectation), not \"\(written(key))\"", at: node)
            return nil
        }
        return value
    }

    /// Names every key of the mapping that nothing asked for.
    func finish() {
        for (key, _) in mapping where !known.contains(key.scalar?.string ?? "") {
            let text = key.scalar?.string ?? "a key that is no text"
            let hint = NearestName.of(text, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            let allowed = hint.isEmpty ? "; known are \(Set(known).sorted().joined(separator: ", "))" : hint
            problems.add("unknown key \"\(text)\"\(path.isEmpty ? "" : " in \(path)")\(allowed)", at: key)
        }
    }

    private func note(_ key: String, _ form: KeyRecord.Form) {
        problems.keys?.note(key, form, in: path)
    }

    private func scalar(_ node: Node, _ name: String, isExpanded: Bool = true) -> String? {
        guard case .scalar(let scalar) = node else {
            problems.add("\(name) must be a single value", at: node)
            return nil
        }
        guard isExpanded else { return scalar.string }
        switch References.expand(scalar.string, from: references) {
        case .success(let text): return text
        case .failure(let bad):
            problems.add("\(name): \(bad.message)", at: node)
            return nil
        }
    }
}
