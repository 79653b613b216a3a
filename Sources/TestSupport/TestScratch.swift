import Backups
import Glibc
package import PostgreSQL

/// Scratch servers for tests, each below a directory of the test's own.
package enum TestScratch {
    /// The path of a program built with the tests: it lies beside the running test bundle.
    package static func executable(_ name: String = "restorable") -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/"
            + name
    }

    /// A configuration for small, quick servers. All tests share one scratch root, and so its templates; each server has
    /// a directory of its own that goes with it.
    package static func configuration(
        directory: String = "/var/tmp/restorable-test-\(geteuid())", executable: String = "restorable"
    ) -> ScratchConfiguration {
        ScratchConfiguration(
            directory: directory, memory: 128 << 20, jobs: 2, executable: Self.executable(executable))
    }
}
