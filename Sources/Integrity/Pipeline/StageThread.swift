internal import Backups
internal import Glibc

/// A thread of its own for blocking work, whose end can be waited for.
final class StageThread {
    private let handle: pthread_t

    init(_ body: @escaping @Sendable () -> Void) throws {
        let box = Unmanaged.passRetained(Body(run: body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw Obstacle(.outOfMemory, "could not start a thread: \(String(cString: strerror(code)))")
        }
        self.handle = handle
    }

    /// Waits for its end. Once only.
    func join() {
        pthread_join(handle, nil)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
