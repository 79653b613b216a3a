import Backups
import CLinux
import Glibc

/// A small secret as a file without a name, in memory: nothing of it is left on disk, however we end. A child that has
/// it as standard input may open it any number of times as `/dev/stdin`.
final class SecretInput {
    let descriptor: Int32
    static let path = "/dev/stdin"

    init(_ text: String) throws {
        descriptor = restorable_memfd("secret")
        guard descriptor >= 0 else { throw BackupDirectory.obstacle("make", "a file in memory") }
        // libpq wants a password file that only its owner may read ("The Password File").
        guard fchmod(descriptor, 0o600) == 0 else { throw BackupDirectory.obstacle("protect", "a file in memory") }
        try BackupDirectory.write(Array(text.utf8), to: descriptor, name: "a file in memory")
    }

    deinit { close(descriptor) }
}
