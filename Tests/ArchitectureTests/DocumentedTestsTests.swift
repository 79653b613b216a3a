import Foundation
import Testing

/// A page that says which test holds something names one that is there.
@Suite struct DocumentedTestsTests {
    @Test func everySuiteThatIsNamedExists() throws {
        let suites = Set(
            try SourceTree.files(under: "Tests").compactMap { file in
                file.path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) }
            })
        #expect(suites.contains("DocumentedTestsTests"))
        let pages = try FileManager.default.subpathsOfDirectory(atPath: SourceTree.root + "docs")
            .filter { $0.hasSuffix(".md") }
        var named: Set<String> = []
        for page in pages {
            for match in try SourceTree.text("docs/\(page)").matches(of: /`(\w+Tests)`/) {
                let name = String(match.1)
                named.insert(name)
                #expect(suites.contains(name) || name == "ArchitectureTests", "docs/\(page) names \(name)")
            }
        }
        #expect(named.count > 10)
    }
}
