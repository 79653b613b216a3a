import Glibc
import Processes
import Synchronization
import TestSupport

/// Looks, as often as it can, at what every process of this machine shows of itself: its arguments and its environment.
///
/// Not at the tests' own children, whom a test tells the secrets; nor at `restorable` itself, which was told them.
final class ProcessWatch: Sendable {
    private struct State {
        var leaks: Set<String> = []
        var programs: Set<String> = []
    }

    private let secrets: [String]
    private let state = Mutex(State())
    private let stopping = SignalledOnce<Void>()
    private let stopped = SignalledOnce<Void>()

    init(for secrets: [String]) {
        self.secrets = secrets
        DetachedThread.start(named: "process watch") { [self] in
            while stopping.wait(for: .milliseconds(2)) == nil { look() }
            stopped.set(())
        }
    }

    /// - Returns: where a secret was seen; and the programs that were looked at, by the last part of their paths.
    func end() -> (leaks: Set<String>, programs: Set<String>) {
        stopping.set(())
        stopped.wait()
        return state.withLock { ($0.leaks, $0.programs) }
    }

    private func look() {
        guard let stream = opendir("/proc") else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let process = Int32(name), process != getpid() { look(at: process) }
        }
    }

    private func look(at process: Int32) {
        guard let arguments = Self.read("/proc/\(process)/cmdline"), !arguments.isEmpty,
            let environment = Self.read("/proc/\(process)/environ"),
            let status = Self.read("/proc/\(process)/status").map({ String(decoding: $0, as: UTF8.self) }),
            !status.contains("\nPPid:\t\(getpid())\n")
        else { return }
        let words = arguments.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // A child that is about to become another program still shows what its parent was told.
        let isOwn = words.first == Restorable.path && !(words.dropFirst().first ?? "").hasPrefix("scratch-")
        guard !isOwn else { return }
        let leaks = [("arguments", arguments), ("environment", environment)].compactMap { place, bytes in
            secrets.contains { Self.contains(bytes, $0) } ? "the \(place) of \(words.joined(separator: " "))" : nil
        }
        state.withLock {
            $0.leaks.formUnion(leaks)
            $0.programs.insert(words.first?.split(separator: "/").last.map(String.init) ?? "")
            if words.count > 1, words[0] == Restorable.path { $0.programs.insert(words[1]) }
        }
    }

    /// `nil` for a process that is gone, or that is not ours to look at.
    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    /// Whether one of the strings, each with a NUL at its end, contains `part`.
    private static func contains(_ strings: [UInt8], _ part: String) -> Bool {
        (strings + [0]).withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress?.assumingMemoryBound(to: CChar.self) {
                if strstr(start, part) != nil { return true }
                rest = rest.dropFirst(strlen(start) + 1)
                if rest.isEmpty { return false }
            }
            return false
        }
    }
}
