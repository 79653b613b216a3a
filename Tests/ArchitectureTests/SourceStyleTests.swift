import Foundation
import Testing

/// Rules of docs/architecture.md that no formatter checks.
@Suite struct SourceStyleTests {
    /// Files of Sources that may be longer than 350 lines, each with its reason.
    private static let longFiles = [
        "Sources/Commands/Rules/ShippedRules.swift": "the rules of alerts/, copied by scripts/support/embed_rules.py"
    ]

    /// What may not stand in code of Sources, and why.
    static let forbidden: [(needle: String, pattern: String)] = [
        ("try!", #"\btry!"#),
        ("fatalError", #"\bfatalError\("#),
        ("catch", #"\bcatch\s*\{\s*\}"#),
        ("sleep(", #"\bsleep\("#),
        ("Any", #"\bAny\b"#),
        ("NSLog", #"\bNSLog\("#),
    ]

    @Test(arguments: forbidden)
    func sourcesHaveNo(needle: String, pattern: String) throws {
        let expression = try Regex(pattern)
        for file in try SourceTree.files(under: "Sources") {
            for (text, line) in file.code(containing: needle) {
                #expect(text.firstMatch(of: expression) == nil, "\(file.path):\(line): \(text)")
            }
        }
    }

    @Test func nothingIsLeftForLater() throws {
        for folder in ["Sources", "Tests"] {
            for file in try SourceTree.files(under: folder) where !file.path.contains("ArchitectureTests") {
                for (index, line) in file.lines.enumerated() {
                    let words = ["TODO", "FIXME", "HACK:"].filter { line.contains($0) }
                    #expect(words.isEmpty, "\(file.path):\(index + 1): \(line)")
                }
            }
        }
    }

    @Test func filesAreShort() throws {
        for file in try SourceTree.files(under: "Sources") where Self.longFiles[file.path] == nil {
            #expect(file.lines.count <= 350, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func foldersAreNamedForWhatTheyHold() throws {
        let vague = ["Utils", "Utilities", "Helpers", "Manager", "Managers", "Common", "Misc", "Shared"]
        for file in try SourceTree.files(under: "Sources") {
            #expect(
                file.path.split(separator: "/").allSatisfy { !vague.contains(String($0)) }, "\(file.path)")
        }
    }

    /// `@unchecked Sendable` needs its proof in a comment within the lines above it.
    @Test func uncheckedSendabilityIsProved() throws {
        for file in try SourceTree.files(under: "Sources") {
            for (index, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                let above = file.lines[max(0, index - 12)..<index]
                #expect(
                    above.contains { $0.trimmingCharacters(in: .whitespaces).hasPrefix("//") },
                    "\(file.path):\(index + 1) has no proof above it")
            }
        }
    }
}
