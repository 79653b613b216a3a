import Backups
import Glibc
import TestSupport
import Testing

@testable import Integrity

/// Base backups of a real server, held against their manifests; `pg_verifybackup` is the oracle where it can read them.
@Suite struct BaseBackupPassTests {
    private func failure(_ path: String, to destination: String? = nil) throws -> Check? {
        do {
            let result = try BaseBackupPass(path: path, destination: destination).run()
            return result.allChecks.first { $0.verdict != .verified }
        } catch let damage as ContentDamage {
            return .failed(damage.check, in: .integrity, damage.reason, damage.message)
        }
    }

    @Test(arguments: [15, 18], BaseBackupCorpus.Layout.allCases)
    func intactOnesAreVerified(major: Int, layout: BaseBackupCorpus.Layout) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(layout, major: major, in: directory)
        let result = try BaseBackupPass(path: path).run()
        #expect(result.allChecks.map(\.name) == ["manifest", "files", "control", "wal"])
        #expect(result.allChecks.allSatisfy { $0.verdict == .verified }, "\(result.allChecks)")
        #expect(result.content == .proved)
        #expect(result.seen.major == major)
        #expect(result.seen.compression == layout.compression)
        #expect(result.seen.files > 900)
        #expect(result.seen.contents[DataPath("backup_label")] != nil)
        #expect(result.manifest?.walRanges.count == 1)
        #expect((result.manifest?.systemIdentifier != nil) == (major >= 17))
        #expect((result.manifest?.systemIdentifier).map { $0 == result.seen.control?.systemIdentifier } ?? true)
        // That of the tests is built with gzip alone.
        if layout == .plain || major == 18 && [.tar, .tarOfGzip].contains(layout) {
            #expect(try BaseBackupCorpus.isFineForPostgreSQL(path, major: major, isTar: layout != .plain))
        }
    }

    @Test(arguments: ["NONE", "CRC32C", "SHA224", "SHA256", "SHA384", "SHA512"])
    func everyChecksumIsKnown(algorithm: String) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.plain, ["--manifest-checksums=\(algorithm)"], in: directory)
        let intact = try BaseBackupPass(path: path).run()
        #expect(intact.allChecks.allSatisfy { $0.verdict == .verified })
        #expect(intact.content == (algorithm == "NONE" ? .unproved : .proved))
        try Damage.flipBit(40_000).copy("\(path)/global/pg_control", to: "\(path)/global/pg_control")
        #expect(try failure(path)?.reason == (algorithm == "NONE" ? nil : .checksumMismatch))
    }

    @Test func withoutManifestNothingIsProved() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tarOfGzip, ["--no-manifest"], in: directory)
        let result = try BaseBackupPass(path: path).run()
        #expect(result.allChecks.map(\.reason) == [.noManifest, nil])
        #expect(result.allChecks.map(\.verdict) == [.inconclusive, .verified])
        #expect(result.content == .unproved)
        #expect(result.manifest == nil)
    }

    /// `pg_basebackup -Ft -D -` has no place for a manifest but in the tar.
    @Test(arguments: [
        (15, ["--wal-method=fetch"]), (18, ["--wal-method=fetch", "--manifest-checksums=SHA256"]),
        (18, ["--wal-method=none"]),
    ])
    func aManifestInsideTheTarIsUsed(major: Int, arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.stream(major: major, arguments, in: directory)
        let destination = directory.file("data")
        mkdir(destination, 0o700)
        let whole = try BaseBackupPass(path: path, destination: destination).run()
        let reasons: [Reason?] =
            arguments.contains("--wal-method=none") ? [nil, nil, nil, .noWAL] : [nil, nil, nil, nil]
        #expect(whole.allChecks.map(\.name) == ["manifest", "files", "control", "wal"])
        #expect(whole.allChecks.map(\.reason) == reasons, "\(whole.allChecks)")
        #expect(whole.content == .proved)
        #expect(TestFile.exists("\(destination)/PG_VERSION") && !TestFile.exists("\(destination)/backup_manifest"))
        // Altered where tar itself has no checksum.
        let base = "\(path)/base.tar"
        let text = try #require(try TestFile.offset(of: "START WAL LOCATION", in: base))
        try Damage.flipBit(text * 8).copy(base, to: base)
        #expect(try failure(path)?.reason == .checksumMismatch)
        try Damage.flipBit(text * 8).copy(base, to: base)
        let manifest = try #require(try TestFile.offset(of: "Manifest-Version", in: base))
        try Damage.flipBit(manifest * 8).copy(base, to: base)
        #expect(try failure(path)?.name == "manifest")
    }

    /// What is ignored is not said to be compared.
    @Test func onlyWhatWasComparedIsCounted() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.plain, in: directory)
        let result = try BaseBackupPass(path: path).run()
        let files = try #require(result.manifest?.files)
        #expect(files.contains { $0.path == DataPath("postgresql.auto.conf") })
        let check = result.allChecks.first { $0.name == "files" }
        let (listed, compared) = (UInt64(files.count), UInt64(files.count - 1))
        #expect(
            check?.message.contains("all \(Quantity.count(compared, "file")) ") == true, "\(check.debugDescription)")
        #expect(result.allChecks.first?.message.contains("lists \(Quantity.count(listed, "file"))") == true)
    }

    /// Where what the manifest wants of the log begins.
    private func needed(_ path: String) throws -> UInt64 {
        let manifest = try TestFile.read("\(path)/backup_manifest").withUnsafeBytes { try BaseBackupManifest($0) }
        return try #require(manifest.walRanges.first).start
    }

    @Test(arguments: [15, 18], BaseBackupDamage.allCases)
    func whatPostgreSQLRefusesIsRefused(major: Int, damage: BaseBackupDamage) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.plain, major: major, in: directory)
        #expect(try failure(path) == nil)
        let manifest = "\(path)/backup_manifest"
        try damage.apply(data: path, wal: "\(path)/pg_wal", manifest: manifest, needed: try needed(path))
        let check = try failure(path)
        #expect(damage.reasons.contains(try #require(check?.reason)), "\(check.debugDescription)")
        #expect((check?.verdict == .failed) == (damage != .noWAL))
        #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: major))
    }

    /// In tars, which pg_verifybackup reads since 18.
    @Test(arguments: BaseBackupDamage.allCases)
    func whatPostgreSQLRefusesInTarsIsRefused(damage: BaseBackupDamage) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, major: 18, in: directory)
        #expect(try failure(path) == nil)
        #expect(try BaseBackupCorpus.isFineForPostgreSQL(path, major: 18, isTar: true))
        let (data, wal) = (directory.file("data"), directory.file("wal"))
        let side = try #require(try TestFile.names(in: path).first { $0.first?.isNumber ?? false })
        let target = "\(data)/pg_tblspc/\(side.dropLast(4))"
        try Tool.shell(
            "mkdir \"$2\" \"$3\" && tar -xf \"$1/base.tar\" -C \"$2\" && tar -xf \"$1/pg_wal.tar\" -C \"$3\" "
                + "&& rm -f \"$5\" && mkdir \"$5\" && tar -xf \"$1/$4\" -C \"$5\"", [path, data, wal, side, target])
        try damage.apply(data: data, wal: wal, manifest: "\(path)/backup_manifest", needed: try needed(path))
        try Tool.shell(
            "cd \"$2\" && tar --format=ustar --exclude=\"./pg_tblspc/*\" -cf \"$1/base.tar\" --transform='s,^[.]/,,' . "
                + "&& cd \"$5\" && tar --format=ustar -cf \"$1/$4\" --transform='s,^[.]/,,' . "
                + "&& cd \"$3\" && tar --format=ustar -cf \"$1/pg_wal.tar\" --transform='s,^[.]/,,' .",
            [path, data, wal, side, target])
        let check = try failure(path)
        #expect(damage.reasons.contains(try #require(check?.reason)), "\(check.debugDescription)")
        if !damage.isOfWAL {
            #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: 18, isTar: true))
        }
    }

    @Test func aTablespaceMustBeThereAndLinksMustLeadToIt() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.plain, in: directory)
        #expect(try failure(path) == nil)
        try Tool.run("mv", [directory.file("side"), directory.file("away")])
        #expect(try failure(path)?.reason == .missingFile)
        #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: 15))
        try Tool.run("mv", [directory.file("away"), directory.file("side")])
        #expect(try failure(path) == nil)
        // A link to the same bytes is the same to pg_verifybackup; to us it is no backup of its own.
        let victim = "\(path)/global/1262"
        try Tool.shell("mv \"$1\" \"$2\" && ln -s \"$2\" \"$1\"", [victim, directory.file("elsewhere")])
        #expect(try failure(path)?.reason == .extraFile)
    }

    @Test func tarsMustBeThoseOfTheMap() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, major: 18, in: directory)
        let side = try #require(try TestFile.names(in: path).first { $0.first?.isNumber ?? false })
        #expect(try failure(path) == nil)
        try Tool.run("cp", ["\(path)/\(side)", "\(path)/77777.tar"])
        #expect(try failure(path)?.reason == .extraFile)
        #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: 18, isTar: true))
        unlink("\(path)/77777.tar")
        try TestFile.write([1], to: "\(path)/notes.txt")
        let stray = try failure(path)
        #expect(stray?.reason == .extraFile && stray?.verdict == .inconclusive)
        #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: 18, isTar: true))
        unlink("\(path)/notes.txt")
        #expect(try failure(path) == nil)
        unlink("\(path)/\(side)")
        #expect(try failure(path)?.reason == .missingFile)
        #expect(try !BaseBackupCorpus.isFineForPostgreSQL(path, major: 18, isTar: true))
    }

    /// Log in `pg_wal` of base.tar; compressed by the server or by the client, or unpacked by the client. Each in a build that knows it.
    @Test(arguments: [
        (18, ["--wal-method=fetch", "-Ft"]), (15, ["--wal-method=fetch", "-Fp"]),
        (18, ["--compress=server-gzip", "-Ft"]),
        (15, ["--compress=server-lz4", "--wal-method=fetch", "-Ft"]), (15, ["--compress=client-zstd", "-Ft"]),
        (15, ["--compress=server-zstd", "-Ft"]), (15, ["--compress=client-lz4", "-Ft"]),
        (18, ["--compress=client-gzip", "-Ft"]), (18, ["--compress=server-gzip", "--wal-method=fetch", "-Fp"]),
        (18, ["--manifest-force-encode", "-Ft"]),
    ]) func everyWayToMakeOneIsRead(major: Int, arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let layout: BaseBackupCorpus.Layout = arguments.contains("-Fp") ? .plain : .tar
        let path = try BaseBackupCorpus.make(layout, major: major, arguments, in: directory)
        let result = try BaseBackupPass(path: path).run()
        #expect(result.allChecks.map(\.name) == ["manifest", "files", "control", "wal"])
        #expect(result.allChecks.allSatisfy { $0.verdict == .verified }, "\(result.allChecks)")
    }

    @Test func withoutItsLogABackupIsNotWhole() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tarOfGzip, ["--wal-method=none"], in: directory)
        let check = try failure(path)
        #expect(check?.reason == .noWAL && check?.verdict == .inconclusive)
        #expect(try BaseBackupPass(path: path).run().allChecks.filter { $0.verdict == .verified }.count == 3)
    }

    @Test func anIncrementalOneSaysSo() throws {
        let (whole, part) = (try TemporaryDirectory(), try TemporaryDirectory())
        let base = try BaseBackupCorpus.make(.plain, major: 18, ["--wal-method=stream"], in: whole)
        #expect(try !BaseBackupPass(path: base).run().isIncremental)
        try BaseBackupCorpus.change(major: 18)
        for layout in [BaseBackupCorpus.Layout.plain, .tar] {
            let part = layout == .plain ? part : try TemporaryDirectory()
            let path = try BaseBackupCorpus.make(
                layout, major: 18, ["--incremental=\(base)/backup_manifest"], in: part)
            let result = try BaseBackupPass(path: path).run()
            #expect(result.isIncremental)
            #expect(result.allChecks.allSatisfy { $0.verdict == .verified }, "\(result.allChecks)")
        }
    }

    /// What is written when a backup is put to use is no damage, to neither.
    @Test func whatPostgreSQLIgnoresIsIgnored() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.plain, in: directory)
        try TestFile.write(Array("port = 1\n".utf8), to: "\(path)/postgresql.auto.conf")
        try TestFile.write([], to: "\(path)/recovery.signal")
        try TestFile.write([], to: "\(path)/standby.signal")
        try TestFile.write([1], to: "\(path)/pg_wal/more")
        #expect(try failure(path) == nil)
        #expect(try BaseBackupCorpus.isFineForPostgreSQL(path, major: 15))
    }

    @Test(arguments: [BaseBackupCorpus.Layout.tar, .tarOfGzip, .tarOfZstd])
    func damageOfATarIsCaught(layout: BaseBackupCorpus.Layout) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(layout, in: directory)
        #expect(try failure(path) == nil)
        let base = "\(path)/base.\(layout.rawValue)"
        let whole = try TestFile.read(base)
        var generator = SeededGenerator(seed: 20_261_121)
        for _ in 0..<12 {
            let cut = Int.random(in: 0..<whole.count - 1, using: &generator)
            try Damage.cut(at: cut).copy(base, to: "\(path)/cut")
            try Tool.run("/bin/mv", ["\(path)/cut", base])
            #expect(try failure(path)?.verdict == .failed, "cut at \(cut)")
            try TestFile.write(whole, to: base)
        }
        try TestFile.write(whole + Array("more".utf8), to: base)
        #expect(try failure(path)?.verdict == .failed)
        try TestFile.write(whole, to: base)
        let side = try #require(try TestFile.names(in: path).first { $0.first?.isNumber ?? false })
        unlink("\(path)/\(side)")
        #expect(try failure(path)?.reason == .missingFile)
    }

    /// A flipped bit in what a file holds is seen by its checksum, in its head by the head's; in the padding between it harms
    /// nothing.
    @Test func flippedBitsInATarAreCaught() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        let base = "\(path)/base.tar"
        let whole = try TestFile.read(base)
        let oracle = try directory.write("", to: "oracle")
        unlink(oracle)
        try Tool.shell("mkdir \"$2\" && tar -xf \"$1\" -C \"$2\"", [base, oracle])
        var generator = SeededGenerator(seed: 7)
        for round in 0..<20 {
            let bit = UInt64.random(in: 0..<UInt64(whole.count) * 8, using: &generator)
            try TestFile.write(Damage.flipBit(bit).applied(to: whole), to: base)
            if try failure(path) != nil { continue }
            // Then what comes out must be the same to the byte.
            let unpacked = directory.file("unpacked\(round)")
            try Tool.shell("mkdir \"$2\" && tar -xf \"$1\" -C \"$2\"", [base, unpacked])
            #expect(try Tool.attempt("diff", ["-r", oracle, unpacked]).status == 0, "bit \(bit)")
        }
    }
}
