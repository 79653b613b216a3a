import Glibc
import TestSupport
import Testing

/// `verify --config … --sample N`, as far as the bytes.
@Suite struct VerifySampleTests {
    private let directory: TemporaryDirectory
    private let file: String

    init() throws {
        directory = try TemporaryDirectory()
        for day in 10..<20 {
            _ = try directory.write("-- PostgreSQL database dump\n", to: "shop-202611\(day).sql")
        }
        file = try directory.write(
            """
            databases:
              - { name: shop, backups: { location: \(directory.path), match: "shop-{time:yyyyMMdd}.sql" } }
            """, to: "restorable.yml")
    }

    private func verified(_ arguments: [String]) throws -> [String] {
        let result = try Restorable.run(
            ["verify", "--json", "--until", "integrity", "--config", file] + arguments)
        return result.outputText.split(separator: "\n").compactMap { line in
            line.firstMatch(of: #/"name":"(shop-\d+\.sql)"/#).map { String($0.1) }
        }
    }

    @Test func theNewestAndAsManyOthersAreVerified() throws {
        let sample = try verified(["--sample", "2", "--seed", "7"])
        #expect(sample.count == 3)
        #expect(sample.last == "shop-20261119.sql")
        #expect(try verified(["--sample", "2", "--seed", "7"]) == sample)
        #expect(try verified(["--sample", "100"]).count == 10)
        #expect(try verified([]) == ["shop-20261119.sql"])
        #expect(try verified(["--all"]).count == 10)
    }

    @Test(arguments: [["--sample", "-1"], ["--sample", "x"], ["--seed", "7"], ["--sample", "1", "--all"]])
    func wrongUseIs64(arguments: [String]) throws {
        #expect(try Restorable.run(["verify", "--config", file] + arguments).status == 64)
        #expect(try Restorable.run(["verify", "--sample", "1", "x.sql"]).status == 64)
    }
}
