import Synchronization

/// Reads users and certificates again. Filled once the web server is there, which itself needs the pages.
final class SecurityReload: Sendable {
    private let action = Mutex<(@Sendable () throws -> Void)?>(nil)

    func set(_ newAction: @escaping @Sendable () throws -> Void) { action.withLock { $0 = newAction } }

    /// Blocks on the file system.
    func run() throws { try action.withLock { $0 }?() }
}
