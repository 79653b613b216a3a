import Glibc

/// Where the values of `${env:NAME}` and `${file:PATH}` come from.
package struct ReferenceSource: Sendable {
    package let environment: @Sendable (String) -> String?
    /// Content of a file; the last newline is not part of the value. `nil` when it can't be read.
    package let file: @Sendable (String) -> String?

    package init(
        environment: @escaping @Sendable (String) -> String?, file: @escaping @Sendable (String) -> String?
    ) {
        self.environment = environment
        self.file = file
    }

    /// This process's environment and file system.
    package static let process = ReferenceSource(
        environment: { name in getenv(name).map { String(cString: $0) } },
        file: { path in
            guard let bytes = TextFile.read(path, limit: 1 << 20) else { return nil }
            var text = String(decoding: bytes, as: UTF8.self)
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
            return text
        })
}

/// Replaces references to secrets inside a value.
enum References {
    /// The value with its references replaced, or what is wrong with one of them. The message never holds a value.
    static func expand(_ text: String, from source: ReferenceSource) -> Result<String, BadReference> {
        var output = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            output += rest[..<start.lowerBound]
            let after = rest[start.upperBound...]
            guard let end = after.firstIndex(of: "}") else { return .failure(BadReference("${ without its }")) }
            switch value(of: after[..<end], from: source) {
            case .success(let value): output += value
            case .failure(let bad): return .failure(bad)
            }
            rest = after[after.index(after: end)...]
        }
        return .success(output + rest)
    }

    /// The text without its references: what is written in the file itself.
    static func withoutReferences(_ text: String) -> String {
        let nothing = ReferenceSource(environment: { _ in "" }, file: { _ in "" })
        return (try? expand(text, from: nothing).get()) ?? text
    }

    /// The first reference in a text, as it is written there.
    static func first(in text: String) -> String? {
        text.firstMatch(of: /\$\{(env|file):[^}]*\}?/).map { String($0.0) }
    }

    /// The variables of the environment that `text` takes values from.
    static func variables(in text: String) -> Set<String> {
        Set(text.matches(of: /\$\{env:([^}]*)\}/).map { String($0.1) })
    }

    private static func value(of reference: Substring, from source: ReferenceSource) -> Result<String, BadReference> {
        if reference.hasPrefix("env:") {
            let name = String(reference.dropFirst(4))
            return source.environment(name).map { .success($0) }
                ?? .failure(BadReference("the environment has no variable \(name)"))
        }
        if reference.hasPrefix("file:") {
            let path = String(reference.dropFirst(5))
            return source.file(path).map { .success($0) } ?? .failure(BadReference("the file \(path) can't be read"))
        }
        return .failure(BadReference("${\(reference)} is neither ${env:NAME} nor ${file:PATH}"))
    }
}

struct BadReference: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

extension Substring {
    /// The first place where `text` stands.
    func firstRange(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
