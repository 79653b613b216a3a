import Backups
import Logging
import ServiceLifecycle

@testable import Web

/// A server on a free port of loopback while `body` runs; shut down gracefully after it.
func withServer<Result: Sendable>(
    _ source: any PageSource = SampleSource(), limits: WebLimits = WebLimits(), file: String? = nil,
    _ body: @Sendable (WebServer, RawClient) async throws -> Result
) async throws -> Result {
    let server = try makeServer(source, limits: limits, file: file)
    let group = ServiceGroup(services: [server], logger: quietLogger)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        guard let address = await server.address else { throw NotListening() }
        let result = try await body(server, RawClient(port: address.port))
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}

struct NotListening: Error {}

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

func makeServer(
    _ source: any PageSource = SampleSource(), limits: WebLimits = WebLimits(), file: String? = nil
) throws -> WebServer {
    try WebServer(
        WebConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), file: file, limits: limits),
        source: source, clock: { SampleFleet.now }, logger: quietLogger)
}
