import Backups
import Testing

@testable import Commands

@Suite struct BackupChoiceTests {
    private let backups = (1...20).map { number in
        CatalogBackup(
            identity: BackupIdentity(path: "/b/\(number)", sizeBytes: 1, modified: Timestamp(seconds: Int64(number))),
            completedAt: Timestamp(seconds: Int64(number)))
    }

    private func names(_ choice: BackupChoice, of database: String = "shop") -> [String] {
        choice.choose(from: backups, of: database).map(\.identity.name)
    }

    @Test func theNewestOrAll() {
        #expect(names(.latest) == ["20"])
        #expect(names(.all).count == 20)
        #expect(BackupChoice.latest.choose(from: [], of: "shop") == [])
        #expect(BackupChoice.sample(3, seed: 1).choose(from: [], of: "shop") == [])
    }

    @Test(arguments: 0..<20) func aSampleHasTheNewestAndSomeOthersInOrder(seed: UInt64) {
        let sample = names(.sample(3, seed: seed))
        #expect(sample.count == 4)
        #expect(sample.last == "20")
        #expect(Set(sample).count == 4)
        #expect(sample.compactMap(Int.init) == sample.compactMap(Int.init).sorted())
        #expect(names(.sample(3, seed: seed)) == sample)
    }

    @Test func seedsAndDatabasesDiffer() {
        let samples = Set((0..<20).map { names(.sample(3, seed: $0)) })
        #expect(samples.count > 15)
        #expect(names(.sample(3, seed: 1)) != names(.sample(3, seed: 1), of: "cut"))
        // Each of the others has its turn.
        #expect(Set((0..<200).flatMap { names(.sample(1, seed: $0)) }).count == 20)
    }

    @Test func aSampleOfMoreThanThereAreIsAll() {
        #expect(names(.sample(100, seed: 1)) == names(.all))
        #expect(names(.sample(0, seed: 1)) == ["20"])
    }
}
