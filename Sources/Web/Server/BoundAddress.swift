import Synchronization

/// Where the server really listens, told to all who wait for it.
final class BoundAddress: Sendable {
    private enum State {
        case waiting([CheckedContinuation<ListenAddress?, Never>])
        case known(ListenAddress?)
    }

    private let state = Mutex(State.waiting([]))

    /// - Parameter address: `nil` when the server ended before it listened. What is told first stays.
    func tell(_ address: ListenAddress?) {
        let waiting = state.withLock { state -> [CheckedContinuation<ListenAddress?, Never>] in
            guard case .waiting(let continuations) = state else { return [] }
            state = .known(address)
            return continuations
        }
        for continuation in waiting { continuation.resume(returning: address) }
    }

    var value: ListenAddress? {
        get async {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> ListenAddress?? in
                    switch state {
                    case .known(let address): return .some(address)
                    case .waiting(let continuations):
                        state = .waiting(continuations + [continuation])
                        return nil
                    }
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}
