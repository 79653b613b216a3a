import CLinux
import Glibc

/// What a new thread is handed.
final class ThreadStart {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// - Returns: a thread that runs `body`; whoever made it joins or detaches it.
    static func create(named name: String, _ body: @escaping @Sendable () -> Void) -> pthread_t {
        let start = Unmanaged.passRetained(
            ThreadStart {
                restorable_name_thread(name)
                body()
            })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<ThreadStart>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        precondition(status == 0, "no thread can be made: \(String(cString: strerror(status)))")
        return thread
    }
}
