import Processes
import TestSupport
import Testing

/// Runs of the program that get a signal while a store holds one of their requests.
struct SignalledAtStore {
    let server: S3Server
    let proxy: FaultProxy

    /// Starts the program, and signals it when the first request that `matches` has come; that one is never answered.
    func run(
        _ arguments: [String], _ signal: Int32, at matches: @escaping @Sendable (FaultProxy.Request) -> Bool
    ) throws -> ProcessEnd {
        let (reached, ended) = (SignalledOnce<Void>(), SignalledOnce<Void>())
        proxy.answer { request in
            guard ended.current == nil, reached.current == nil, matches(request) else { return nil }
            return .after {
                reached.set(())
                _ = ended.wait(for: .seconds(120))
                throw TestFailure("the client is gone")
            }
        }
        var environment = server.environment(endpoint: proxy.endpoint)
        environment["PATH"] = "/usr/bin:/bin"
        let child = try ChildProcess.start(
            Command(Restorable.path, arguments, environment: environment, parentDeathSignal: .kill))
        #expect(reached.wait(for: .seconds(120)) != nil)
        child.signal(signal)
        let end = child.wait(for: .seconds(60))
        ended.set(())
        return try #require(end)
    }
}
