import Glibc
import Synchronization

/// One thread that tries passwords, one after another, so that neither the event loops nor the cooperative pool wait for
/// bcrypt. It ends when there is nothing to do, and starts again when there is.
final class PasswordThread: Sendable {
    private struct Trial: Sendable {
        let password: [UInt8]
        let hash: PasswordHash
        let answer: CheckedContinuation<Bool?, Never>
    }

    private struct State {
        var waiting: [Trial] = []
        var isRunning = false
    }

    private let state = Mutex(State())
    /// How many may wait. More are turned away, so that guessing can't fill the memory.
    private let capacity: Int

    init(capacity: Int = 64) {
        self.capacity = capacity
    }

    /// - Returns: whether the password has that hash; `nil` where too many wait already, or no thread can be had.
    func tries(_ password: [UInt8], against hash: PasswordHash) async -> Bool? {
        await withCheckedContinuation { continuation in
            let trial = Trial(password: password, hash: hash, answer: continuation)
            let (isTaken, needsThread) = state.withLock { state -> (Bool, Bool) in
                guard state.waiting.count < capacity else { return (false, false) }
                state.waiting.append(trial)
                defer { state.isRunning = true }
                return (true, !state.isRunning)
            }
            guard isTaken else { return continuation.resume(returning: nil) }
            if needsThread, !start() { giveUp() }
        }
    }

    private func start() -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<PasswordThread>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func work() {
        while let trial = next() {
            trial.answer.resume(returning: trial.hash.matches(trial.password))
        }
    }

    private func next() -> Trial? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func giveUp() {
        let abandoned = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for trial in abandoned { trial.answer.resume(returning: nil) }
    }
}
