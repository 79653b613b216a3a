import Foundation
import Testing

/// Who plays a disaster through wants to know what to hold the own times against: each page of docs/rehearsals has them.
@Suite struct RehearsalPagesTests {
    private static let folder = "docs/rehearsals"

    private static func pages() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: SourceTree.root + folder)
            .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()
    }

    @Test func thePagesAreFound() throws { #expect(try Self.pages().count >= 7) }

    @Test(arguments: try pages()) func whatWasLostAndHowLongItTookIsSaid(page: String) throws {
        let text = try SourceTree.text("\(Self.folder)/\(page)")
        let start = try #require(text.firstRange(of: "As measured")).lowerBound
        let paragraph = text[start...].prefix(upTo: text[start...].firstRange(of: "\n\n")?.lowerBound ?? text.endIndex)
        for word in ["RTO", "RPO"] { #expect(paragraph.contains(word), "\(page) does not say its \(word)") }
        #expect(paragraph.matches(of: /[0-9.]+ s\b/).count >= 2, "\(page): \(paragraph)")
    }
}
