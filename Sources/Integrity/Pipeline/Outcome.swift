import Synchronization

/// What a stage came to, written by its thread and read by the one that joined it.
final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
    }

    /// - Returns: `nil` when the stage never began.
    func get() throws -> Value? {
        try result.withLock { $0 }?.get()
    }
}
