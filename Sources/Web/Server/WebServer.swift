package import Backups
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves metrics, pages and the API until it is shut down: then no connection is taken any more, and those that wait
/// for an answer get it.
package final class WebServer: Service {
    private let configuration: WebConfiguration
    private let responder: WebResponder
    private let security: WebSecurity
    private let census: ConnectionCensus
    private let logger: Logger
    private let bound = BoundAddress()

    /// - Throws: ``Obstacle`` where the web configuration file, or a certificate that it names, can't be used.
    package init(
        _ configuration: WebConfiguration, source: any PageSource,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp.now() }, logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        security = try WebSecurity(path: configuration.file)
        let reserve = 512
        let files = OpenFileLimit.raise(to: configuration.limits.connections + reserve)
        census = ConnectionCensus(limit: min(configuration.limits.connections, max(64, files - reserve)))
        responder = WebResponder(
            source: source, security: security, limits: configuration.limits, clock: clock, logger: logger)
    }

    /// Where it listens, as soon as it does: with the port that was found for port 0. `nil` when it ended before.
    package var address: ListenAddress? {
        get async { await bound.value }
    }

    /// Reads users, passwords and certificates again. Blocks on the file system.
    /// - Throws: ``Obstacle``; then all stays as it was.
    package func reloadSecurity() throws {
        try security.reload()
    }

    /// - Throws: ``Obstacle`` when the address can't be listened on.
    package func run() async throws {
        defer { bound.tell(nil) }
        do {
            try await application.run()
        } catch let error as IOError {
            throw Obstacle(
                .connectionFailed, "\(configuration.listen) can't be listened on",
                hint: "is another program listening there?", cause: error)
        }
    }

    /// For tests too, which ask it without a socket.
    var application: some ApplicationProtocol {
        var quiet = logger
        // Its own lines repeat what is said here.
        quiet.logLevel = max(logger.logLevel, .warning)
        let (limits, census, security) = (configuration.limits, census, security)
        return Application(
            responder: responder,
            server: HTTPServerBuilder { responder in
                GuardedChannel(responder: responder, limits: limits, census: census, security: security)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.listen.host, port: configuration.listen.port), backlog: 4096),
            onServerRunning: { [self] channel in listening(channel) }, logger: quiet)
    }

    @Sendable private func listening(_ channel: any Channel) {
        var address = configuration.listen
        if let local = channel.localAddress {
            address = ListenAddress(host: local.ipAddress ?? address.host, port: local.port ?? address.port)
        }
        let scheme = security.context == nil ? "http" : "https"
        logger.info("serving", metadata: ["address": "\(scheme)://\(address)"])
        bound.tell(address)
    }
}
