import Processes

/// Runs blocking work outside the cooperative pool, which tests run on and which child processes need.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DetachedThread.start(named: "test") { continuation.resume(with: Result { try body() }) }
    }
}
