import Glibc

/// Runs programs for tests: oracles, compressors, PostgreSQL's tools. Blocking.
///
/// Spawns by itself, not through `Processes`: what sets up the tests of a layer must not be made of that layer.
package enum Tool {
    /// Runs a program to its end, whatever its exit status.
    /// - Parameters:
    ///   - executable: a path, or a name that is looked up in `PATH`.
    ///   - environment: `nil` for our own.
    ///   - input: a file that becomes standard input; otherwise `/dev/null`.
    ///   - output: a file that standard output is written to; otherwise it is kept in the result.
    package static func attempt(
        _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil, input: String? = nil,
        output: String? = nil
    ) throws -> ToolResult {
        let standardInput = try Descriptor.open(input ?? "/dev/null", O_RDONLY)
        let standardOutput =
            try output.map { try Descriptor.open($0, O_WRONLY | O_CREAT | O_TRUNC) } ?? Descriptor.unnamed()
        let standardError = try Descriptor.unnamed()
        let process = try SpawnedProcess(
            executable, arguments, environment: environment.map(Self.withCoverage), input: standardInput,
            output: standardOutput, error: standardError)
        let status = process.wait()
        return ToolResult(
            status: status, output: output == nil ? try standardOutput.contents() : [],
            error: try standardError.contents())
    }

    /// As ``attempt(_:_:environment:input:output:)``, but anything but exit status 0 throws what the program said.
    @discardableResult
    package static func run(
        _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil, input: String? = nil,
        output: String? = nil
    ) throws -> ToolResult {
        let result = try attempt(executable, arguments, environment: environment, input: input, output: output)
        guard result.status == 0 else {
            throw TestFailure(
                "\(executable) \(arguments.joined(separator: " ")) ended with \(result.status):\n\(result.errorText)")
        }
        return result
    }

    /// Our own programs, when built for coverage, write what they ran to where the test run gathers it.
    static func withCoverage(_ environment: [String: String]) -> [String: String] {
        // A folder of its own, where there is one: a program that is killed while it writes leaves a cut file, which must not
        // spoil the profiles of the tests.
        let folder = getenv("RESTORABLE_TEST_PROFILES").map { String(cString: $0) + "/%p.profraw" }
        guard let file = folder ?? getenv("LLVM_PROFILE_FILE").map({ String(cString: $0) }) else { return environment }
        return environment.merging(["LLVM_PROFILE_FILE": file]) { given, _ in given }
    }

    /// A program of this package, which is built into the directory of the running tests.
    package static func builtProgram(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { throw TestFailure("/proc/self/exe: \(String(cString: strerror(errno)))") }
        let path = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + name
    }

    /// Runs a line of `sh`, with `arguments` as `$1`, `$2`, ….
    @discardableResult
    package static func shell(_ script: String, _ arguments: [String] = []) throws -> ToolResult {
        try run("/bin/sh", ["-c", script, "sh"] + arguments)
    }
}
