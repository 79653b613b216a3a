import Backups
import Glibc
import Integrity

// Unpacks a base backup into an empty directory, and holds it against its manifest on the way:
//   unpack-fixture BACKUP DIRECTORY
// Ends with 0 when every check is verified.

guard CommandLine.arguments.count == 3, let destination = realpath(CommandLine.arguments[2], nil) else { exit(64) }
let result = try BaseBackupPass(path: CommandLine.arguments[1], destination: String(cString: destination)).run()
for check in result.allChecks { print("\(check.name): \(check.verdict.rawValue): \(check.message)") }
exit(result.allChecks.allSatisfy { $0.verdict == .verified } ? 0 : 1)
