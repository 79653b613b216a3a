import Backups
import Glibc
import TestSupport
import Testing

@testable import Integrity

/// Tars of a base backup under names that are not those of `pg_basebackup`: nobody has altered anything, so it is no fault of
/// the backup's.
@Suite struct BaseBackupNamesTests {
    private func obstacle(_ path: String) throws -> Obstacle? {
        do {
            let result = try BaseBackupPass(path: path).run()
            #expect(result.allChecks.allSatisfy { $0.verdict == .verified }, "\(result.allChecks)")
            return nil
        } catch let obstacle as Obstacle {
            return obstacle
        }
    }

    /// As people pack, encrypt and cut them afterwards.
    @Test(arguments: [
        ("base.tar", "base.tar.gpg", Reason.encrypted), ("base.tar", "base.tar.gz.gpg", .encrypted),
        ("base.tar", "base.tar.age", .encrypted), ("base.tar", "base.tgz.enc", .encrypted),
        ("base.tar", "base.tgz", .unsupportedFormat), ("base.tar", "base.tar.zstd", .unsupportedFormat),
        ("base.tar", "base.tar.gz.00", .unsupportedFormat), ("base.tar", "shop.tar.gz", .unsupportedFormat),
        ("side", "16384.tar.gpg", .encrypted), ("pg_wal.tar", "pg_wal.tar.lzo", .unsupportedFormat),
    ])
    func aNameThatIsNotReadIsNamed(original: String, name: String, reason: Reason) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        #expect(try obstacle(path) == nil)
        var (original, name) = (original, name)
        if original == "side" {
            original = try #require(try TestFile.names(in: path).first { $0.first?.isNumber ?? false })
            name = original + ".gpg"
        }
        #expect(rename("\(path)/\(original)", "\(path)/\(name)") == 0)
        let obstacle = try obstacle(path)
        #expect(obstacle?.reason == reason, "\(obstacle.debugDescription)")
        #expect(obstacle?.message.contains(name) == true, "\(obstacle.debugDescription)")
    }

    /// What it is called says less than what it begins with.
    @Test(arguments: [
        (Array("age-encryption.org/v1\n-> X25519 abc\n".utf8), Reason.encrypted),
        (Array("Salted__0123456789abcdef".utf8), .unsupportedFormat),
        (Array("PK\u{3}\u{4}0123456789abcdef".utf8), .unsupportedFormat),
    ])
    func aTarThatWasEncryptedUnderItsNameIsNamed(content: [UInt8], reason: Reason) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        #expect(try obstacle(path) == nil)
        let base = "\(path)/base.tar"
        try TestFile.write(content + TestFile.read(base), to: base)
        let obstacle = try obstacle(path)
        #expect(
            obstacle?.reason == reason && obstacle?.message.contains("base.tar") == true, "\(obstacle.debugDescription)"
        )
        // What is no tar, and nothing else that is known, is damaged.
        try TestFile.write([UInt8](repeating: 0x41, count: 4096), to: base)
        #expect(throws: ContentDamage.self) { try BaseBackupPass(path: path).run() }
    }

    /// `gzip -k` leaves both.
    @Test(arguments: ["base.tar", "pg_wal.tar", "side"]) func oneTarTwiceIsNoFault(name: String) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        #expect(try obstacle(path) == nil)
        let side = try #require(try TestFile.names(in: path).first { $0.first?.isNumber ?? false })
        let tar = name == "side" ? side : name
        try Tool.run("gzip", ["-1", "-k", "\(path)/\(tar)"])
        let twice = try obstacle(path)
        #expect(twice?.reason == .extraFile, "\(twice.debugDescription)")
        #expect(twice?.message.contains(tar) == true && twice?.message.contains("\(tar).gz") == true)
        unlink("\(path)/\(tar)")
        #expect(try obstacle(path) == nil)
    }

    /// That all is gone but the manifest, or a part of the tars, is a fault: also where something lies beside that is none of them.
    @Test func whatIsGoneIsMissing() throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        #expect(try obstacle(path) == nil)
        try TestFile.write([1], to: "\(path)/base.tar.sha256")
        let beside = try BaseBackupPass(path: path).run().allChecks.filter { $0.verdict != .verified }
        #expect(beside.map(\.reason) == [.extraFile] && beside.first?.verdict == .inconclusive)
        unlink("\(path)/base.tar")
        let cut = try BaseBackupPass(path: path).run().allChecks.filter { $0.verdict == .failed }
        #expect(cut.contains { $0.name == "files" }, "\(cut)")
        for name in try TestFile.names(in: path) where name != "backup_manifest" { unlink("\(path)/\(name)") }
        let gone = try BaseBackupPass(path: path).run().allChecks.filter { $0.verdict == .failed }
        #expect(gone.first?.reason == .missingFile, "\(gone)")
    }
}
