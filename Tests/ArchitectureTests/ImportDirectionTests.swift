import Foundation
import Testing

/// Holds the import lines to the table in docs/architecture.md. The package manager's own check does not see a module
/// that comes in through another.
@Suite struct ImportDirectionTests {
    /// Target → modules of this package it may import, from the rows of the table between its two markers.
    private static func table() throws -> [String: Set<String>] {
        var allowed: [String: Set<String>] = [:]
        for line in try SourceTree.text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3 else { continue }
            let names = cells[0].matches(of: /`(\w+)`/).map { String($0.1) }
            let imports = Set(cells[2].matches(of: /`?([A-Z]\w+)`?/).map { String($0.1) })
            for name in names { allowed[name] = imports }
        }
        return allowed
    }

    @Test func everyTargetIsInTheTable() throws {
        let targets = Set(try SourceTree.files(under: "Sources").map(\.target))
        let table = try Self.table()
        #expect(targets.subtracting(table.keys) == [])
        #expect(targets.count > 5)
    }

    @Test func targetsImportOnlyWhatTheTableAllows() throws {
        let table = try Self.table()
        let own = Set(table.keys)
        for file in try SourceTree.files(under: "Sources") {
            let allowed = table[file.target] ?? []
            for (module, line) in file.imports where own.contains(module) && module != file.target {
                #expect(allowed.contains(module), "\(file.path):\(line): \(file.target) may not import \(module)")
            }
        }
    }

    @Test func theTableHasNoCircle() throws {
        let table = try Self.table()
        var settled: Set<String> = []
        var remaining = Set(table.keys)
        while let next = remaining.first(where: { (table[$0] ?? []).intersection(table.keys).isSubset(of: settled) }) {
            settled.insert(next)
            remaining.remove(next)
        }
        #expect(remaining == [])
    }
}
