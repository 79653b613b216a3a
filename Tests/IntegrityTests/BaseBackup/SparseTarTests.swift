import Backups
import TestSupport
import Testing

@testable import Integrity

/// Tars whose files have holes, as `tar --sparse` packs them.
@Suite struct SparseTarTests {
    /// The first begins with data and ends in a hole, the second is nothing but one, the third has data behind it.
    @Test(arguments: ["pg_xact/0000", "pg_multixact/offsets/0000", "base/1/holes"])
    func aHoleIsNoDamage(victim: String) throws {
        let directory = try TemporaryDirectory()
        let path = try BaseBackupCorpus.make(.tar, in: directory)
        let data = directory.file("data")
        try Tool.shell("mkdir \"$2\" && tar -xf \"$1/base.tar\" -C \"$2\"", [path, data])
        let isOwn = victim.hasSuffix("holes")
        if isOwn {
            // Without a manifest, which does not know it.
            try Tool.shell(
                "rm \"$1/backup_manifest\" && truncate -s 1M \"$2\" && echo end >>\"$2\"", [path, "\(data)/\(victim)"])
        }
        try Tool.shell(
            "tar --format=gnu -cf \"$1/base.tar\" --transform='s,^[.]/,,' -C \"$2\" .", [path, data])
        let intact = try BaseBackupPass(path: path).run().allChecks
        #expect(intact.allSatisfy { $0.verdict == .verified || isOwn && $0.reason == .noManifest }, "\(intact)")
        try Tool.shell(
            """
            cp --sparse=always "$2/$3" "$2.hole" && mv "$2.hole" "$2/$3"
            tar --sparse --format=gnu -cf "$1/base.tar" --transform='s,^[.]/,,' -C "$2" .
            python3 -c 'import sys, tarfile; sys.exit(not tarfile.open(sys.argv[1]).getmember(sys.argv[2]).issparse())' "$1/base.tar" "$3"
            """, [path, data, victim])
        let error = #expect(throws: Obstacle.self) { try BaseBackupPass(path: path).run() }
        #expect(error?.reason == .unsupportedFormat && error?.message.contains("with holes") == true)
    }
}
