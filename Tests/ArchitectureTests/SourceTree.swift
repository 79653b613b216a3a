import Foundation

/// The package's own files, as text.
enum SourceTree {
    struct File {
        /// From the package's root, as `Sources/Backups/Verdicts/Verdict.swift`.
        let path: String
        let lines: [Substring]

        /// The target a file of `Sources` belongs to.
        var target: String { String(path.split(separator: "/")[1]) }

        /// Modules it imports, with where.
        var imports: [(module: String, line: Int)] {
            lines.enumerated().compactMap { index, line in
                guard line.contains("import ") else { return nil }
                var words = line.split(separator: " ").map(String.init)
                while let first = words.first,
                    ["package", "public", "internal", "private", "@testable"].contains(first)
                {
                    words.removeFirst()
                }
                guard words.count >= 2, words[0] == "import" else { return nil }
                let isScoped = ["struct", "class", "enum", "func", "protocol", "typealias", "var"].contains(words[1])
                let module = words[isScoped ? 2 : 1].prefix { $0 != "." }
                return (String(module), index + 1)
            }
        }

        /// Lines of code that contain `needle`: without comments and one-line string literals.
        func code(containing needle: String) -> [(text: String, line: Int)] {
            lines.enumerated().compactMap { index, line in
                guard line.contains(needle) else { return nil }
                let trimmed = line.trimmingCharacters(in: .whitespaces)
                guard !trimmed.hasPrefix("//") else { return nil }
                let text = trimmed.replacing(/"([^"\\]|\\.)*"/, with: "\"\"").replacing(/\/\/.*$/, with: "")
                return (text, index + 1)
            }
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// All Swift files under a folder of the root.
    static func files(under folder: String) throws -> [File] {
        let names = FileManager.default.enumerator(atPath: root + folder)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            let text = try String(contentsOfFile: "\(root)\(folder)/\(name)", encoding: .utf8)
            return File(path: "\(folder)/\(name)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + path, encoding: .utf8)
    }
}
