import Backups
import Integrity
import Testing

@testable import Verification

/// Objects of a bucket as the files of a directory dump.
@Suite struct RemoteDirectoryTests {
    private struct Bucket: Location {
        let address = "s3://bucket/shop.dir"
        let names: [String]
        var size: UInt64 = 1
        var resumesListings: Bool { true }

        private func object(_ name: String) -> StoredObject {
            StoredObject(path: name, size: size, modified: Timestamp(seconds: 0), tag: nil)
        }

        func list(after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void) throws {
            for name in names where name > start ?? "" { try visit(object(name)) }
        }

        func find(_ path: String, cancellation: Cancellation) throws -> StoredObject? {
            names.contains(path) ? object(path) : nil
        }

        func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes {
            throw Obstacle(.unreadable, "nothing is read of it")
        }

        func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter {
            throw Obstacle(.unreadable, "nothing is written to it")
        }

        func remove(_ path: String, cancellation: Cancellation) throws {}
    }

    /// In order of names the table of contents comes last, behind any number of large objects.
    @Test(arguments: [9, 10, 11, 12, 100]) func aTableOfContentsIsFoundHoweverManyFilesThereAre(most: Int) throws {
        let names = (0..<10).map { "blob_1000\($0).dat" } + ["blobs.toc", "toc.dat"]
        let directory = try RemoteDirectory(Bucket(names: names), most: most, cancellation: Cancellation())
        #expect(directory.sniffed == .dump(.directory, .none))
        #expect(directory.objects.map(\.path) == names)
    }

    @Test func otherFilesAreNotAllListed() throws {
        let names = (0..<100).map { "\(1000 + $0).dat" }
        let directory = try RemoteDirectory(Bucket(names: names), most: 10, cancellation: Cancellation())
        #expect(directory.objects.count == 10 && directory.sniffed == .tableOfContentsMissing)
    }

    /// A store may say anything of its objects.
    @Test func sizesDoNotOverflow() throws {
        let bucket = Bucket(names: ["3001.dat", "3002.dat", "toc.dat"], size: .max)
        #expect(try RemoteDirectory(bucket, cancellation: Cancellation()).size == .max)
    }
}
