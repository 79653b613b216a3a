import Testing

@testable import Locations

@Suite struct S3PartSizeTests {
    /// "Amazon S3 multipart upload limits": 5 MiB to 5 GiB a part, 10,000 parts, 5 TiB.
    @Test func partsGrowAsFarAsTheLargestObjectNeeds() {
        let sizes = (0..<S3Upload.mostParts).map { S3Upload.partSize(after: $0) }
        #expect(sizes.first == 16 << 20)
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(sizes.reduce(0, +) >= 5 << 40)
        // Two are held in memory.
        #expect(sizes.allSatisfy { $0 <= 3 << 29 })
    }
}
