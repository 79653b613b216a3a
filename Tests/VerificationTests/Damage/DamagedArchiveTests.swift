import Backups
import TestSupport
import Testing

/// Archives whose table of contents lists fine while the data is not there.
@Suite struct DamagedArchiveTests {
    @Test func aCutArchiveFailsThoughItLists() throws {
        let lab = try DamageLab.shared()
        let directory = try TemporaryDirectory()
        let pgRestore = TestInstallation.postgresql15.tool("pg_restore")
        for (path, cut) in [(lab.custom, 2000), (lab.customRaw, 2000)] {
            let copy = try Damage.cutEnd(cut).copy(path, to: directory.file("cut"))
            #expect(try Tool.attempt(pgRestore, ["-l", copy]).status == 0, "the point of this test")
            let report = DamageLab.verify(copy)
            #expect(report.conclusion.verdict == .failed)
            #expect(report.conclusion.reason == .truncated, "\(report.conclusion.message)")
        }
    }

    @Test func aCutTarFails() throws {
        let tar = try DamageLab.shared().tar
        for count in [1024, 5000, 20000] {
            let report = try DamageLab.verify(tar, .cutEnd(count))
            #expect(report.conclusion.verdict == .failed, "\(count): \(report.conclusion.message)")
        }
    }

    @Test func aDirectoryWithoutOneOfItsFilesFails() throws {
        let folder = try DamageLab.shared().folder
        let names = try TestFile.names(in: folder)
        #expect(names.count > 5)
        for name in names {
            let directory = try TemporaryDirectory()
            let copy = directory.file("copy.d")
            try Tool.run("cp", ["-r", folder, copy])
            #expect(DamageLab.verify(copy).conclusion.verdict == .verified)
            try Tool.run("rm", ["\(copy)/\(name)"])
            let report = DamageLab.verify(copy)
            #expect(report.conclusion.verdict == .failed, "without \(name): \(report.conclusion.message)")
            if name != "toc.dat" { #expect(report.conclusion.reason == .missingFile, "without \(name)") }
        }
    }

    @Test func aDirectoryWithADamagedFileFails() throws {
        let folder = try DamageLab.shared().folder
        for name in try TestFile.names(in: folder) where name != "toc.dat" {
            let directory = try TemporaryDirectory()
            let copy = directory.file("copy.d")
            try Tool.run("cp", ["-r", folder, copy])
            let file = "\(folder)/\(name)"
            let middle = try TestFile.size(file) / 2
            for damage in [Damage.cutEnd(3), .flipBit(UInt64(middle) * 8 + 3), .empty] {
                try damage.copy(file, to: "\(copy)/\(name)")
                let report = DamageLab.verify(copy)
                #expect(report.conclusion.verdict == .failed, "\(name), \(damage): \(report.conclusion.message)")
            }
        }
    }
}
