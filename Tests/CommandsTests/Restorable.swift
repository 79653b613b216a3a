import Glibc
import TestSupport

/// The built program, run as a user would.
enum Restorable {
    /// It is built into the directory of the tests.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let executable = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = executable.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (directory + ["restorable"]).joined(separator: "/")
    }()

    /// - Parameter environment: besides `PATH` and `HOME`.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) throws -> ToolResult {
        let base = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]
        return try Tool.attempt(
            path, arguments, environment: base.merging(environment) { _, new in new }, input: input)
    }
}
