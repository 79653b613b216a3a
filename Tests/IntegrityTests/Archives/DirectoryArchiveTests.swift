import Backups
import Testing

@testable import Integrity

/// Directory archives: each file that belongs there has to be there and whole.
@Suite struct DirectoryArchiveTests {
    static let compressions: [Compression] = [.none, .gzip, .lz4, .zstd]
    private static let suffixes: [Compression: String] = [.none: "", .gzip: ".gz", .lz4: ".lz4", .zstd: ".zst"]

    /// As pg_dump writes it: data compressed, lists not.
    private func forge(
        _ compression: Compression, version: ArchiveVersion = ArchiveVersion(1, 16), lists: Compression = .none
    ) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for (name, content) in ForgedArchive(version: version, compression: compression).members() {
            let stored = name.hasSuffix(".toc") || name == "toc.dat" ? lists : compression
            try folder.write(
                try TestCompression.compress(content, stored), to: name + (Self.suffixes[stored] ?? ""))
        }
        return folder
    }

    private func verify(_ folder: ScratchFolder, threads: Int = 2) throws -> ArchiveResult {
        try ArchiveReader.verify(folder.path, format: .directory, threads: threads)
    }

    @Test(arguments: ForgedArchiveTests.versions, compressions)
    func isRead(version: (ArchiveVersion, String), compression: Compression) throws {
        let folder = try forge(compression, version: version.0)
        for threads in [1, 2, 5] {
            let result = try verify(folder, threads: threads)
            #expect(result.contents.rows[TableName(schema: "public", name: "users")] == 100)
            #expect(result.contents.totalRows == 101)
            #expect(result.contents.largeObjects == 2)
            #expect(result.hasDataChecksum == (compression == .gzip))
            #expect(!result.hasContentChecksum)
            let sizes = try folder.names().map { try folder.read($0).count }
            #expect(result.storedBytes == UInt64(sizes.reduce(0, +)))
        }
    }

    @Test func itsDigestIsTheOneOfSortedLines() throws {
        let folder = try forge(.gzip)
        let lines = try folder.names().map { name in
            let digest = try SHA256()
            try folder.read(name).withUnsafeBytes { try digest.update($0) }
            return "\(try digest.finish())  \(name)\n"
        }
        let digest = try SHA256()
        try Array(lines.joined().utf8).withUnsafeBytes { try digest.update($0) }
        #expect(try verify(folder).sha256 == (try digest.finish()))
    }

    @Test func compressedListsMakeItProved() throws {
        let result = try verify(try forge(.gzip, lists: .gzip))
        #expect(result.hasContentChecksum && result.hasDataChecksum)
        #expect(result.contents.totalRows == 101)
    }

    @Test(arguments: compressions)
    func aMissingFileFails(compression: Compression) throws {
        let names = try forge(compression).names()
        for name in names {
            let folder = try forge(compression)
            _ = try verify(folder)
            try folder.remove(name)
            let damage = #expect(throws: ContentDamage.self, "without \(name)") { try verify(folder) }
            #expect(damage?.reason == .missingFile)
        }
    }

    @Test(arguments: compressions)
    func aCutFileFails(compression: Compression) throws {
        let folder = try forge(compression)
        for name in try folder.names() {
            let whole = try folder.read(name)
            // A large object that is stored as it is may be of any length.
            guard !whole.isEmpty, compression != .none || !name.hasPrefix("blob_") else { continue }
            for length in stride(from: 0, to: whole.count, by: whole.count > 500 ? 11 : 1) {
                try folder.write(Array(whole[..<length]), to: name)
                let isEmptyList = name.hasPrefix("blobs") && length == 0
                let damage = #expect(throws: ContentDamage.self, "\(name) cut to \(length)") { try verify(folder) }
                #expect(isEmptyList || [.truncated, .missingFile].contains(damage?.reason))
            }
            try folder.write(whole, to: name)
        }
        _ = try verify(folder)
    }

    @Test func aFlippedBitInACompressedDataFileFails() throws {
        let folder = try forge(.gzip)
        for name in try folder.names() where name.hasSuffix(".gz") {
            let whole = try folder.read(name)
            // Bytes 4 to 9 of a gzip file say when and where it was made: no content.
            for index in whole.indices where !(4...9).contains(index) {
                var bytes = whole
                bytes[index] ^= 1 << UInt8(index % 8)
                try folder.write(bytes, to: name)
                do {
                    _ = try verify(folder)
                    // Bits that fill up the last byte before the checksum are neutral.
                    #expect(index == whole.count - 9, "byte \(index) of \(name)")
                } catch is ContentDamage {
                    continue
                }
            }
            try folder.write(whole, to: name)
        }
    }

    @Test(arguments: compressions)
    func swappedFilesFail(compression: Compression) throws {
        let folder = try forge(compression)
        let suffix = Self.suffixes[compression] ?? ""
        try folder.rename("5.dat\(suffix)", to: "x")
        try folder.rename("7.dat\(suffix)", to: "5.dat\(suffix)")
        try folder.rename("x", to: "7.dat\(suffix)")
        #expect(throws: ContentDamage.self) { try verify(folder) }
    }

    @Test func strangersAreNamedAndHarmNothing() throws {
        let folder = try forge(.gzip)
        let digest = try verify(folder).sha256
        try folder.write(Array("hello".utf8), to: "README")
        let result = try verify(folder)
        #expect(result.sha256 == digest)
        let files = try #require(result.checks.first { $0.name == "files" })
        #expect(files.verdict == .verified)
        #expect(files.details == ["README"])
    }

    @Test(arguments: compressions)
    func junkAtTheEndOfAFileFails(compression: Compression) throws {
        let folder = try forge(compression)
        for name in try folder.names() where compression != .none || !name.hasPrefix("blob_") {
            let whole = try folder.read(name)
            try folder.write(whole + Array("junk\n".utf8), to: name)
            #expect(throws: ContentDamage.self, "\(name)") { try verify(folder) }
            try folder.write(whole, to: name)
        }
    }

    @Test func aPathThatIsNoneIsNoFault() throws {
        #expect(throws: Obstacle.self) {
            try ArchiveReader.verify("/nonexistent", format: .directory)
        }
    }

    @Test func aNameThatLeadsOutOfTheDirectoryFails() throws {
        let forged = ForgedArchive(compression: .none)
        let folder = try ScratchFolder()
        for (name, content) in forged.members() { try folder.write(content, to: name) }
        _ = try verify(folder)
        var toc = try folder.read("toc.dat")
        let name = Array("5.dat".utf8)
        let index = try #require(toc.indices.dropLast(5).first { toc[$0..<($0 + 5)].elementsEqual(name) })
        toc.replaceSubrange(index..<(index + 5), with: Array("../.x".utf8))
        try folder.write(toc, to: "toc.dat")
        let damage = #expect(throws: ContentDamage.self) { try verify(folder) }
        #expect(damage?.reason == .corrupt)
    }
}
