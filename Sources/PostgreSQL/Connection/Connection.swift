package import Backups
import CPQ
import Glibc
import Processes
import Synchronization

/// A session of a PostgreSQL server, over libpq. Every call blocks: never use it on the cooperative pool.
///
/// Throws ``PostgreSQLError`` for what the server says of a statement, and ``Obstacle`` for what stood in the way: a lost
/// connection, or the ``Cancellation`` that it was opened with.
///
/// `@unchecked Sendable`: the handle is used by one thread at a time, which is the caller's duty (a connection may move
/// between threads); only ``cancel()`` may come from any other, and it uses the separate PGcancel object, which libpq
/// makes safe for that ("34.7. Canceling Queries in Progress").
package final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    let cancellation: Cancellation?
    /// What a lost connection is called: `server-failed` for scratch, `connection-failed` for production.
    let lossReason: Reason
    /// Says why the server is gone, where somebody knows.
    private let explainLoss: (@Sendable () -> Obstacle?)?
    package let parameters: ConnectionParameters
    private let interrupter: QueryInterrupter
    private let notices: NoticeReceiver
    private var cancelToken: UInt64?

    /// Connects.
    /// - Parameters:
    ///   - lossReason: what the loss of this connection is called.
    ///   - cancellation: ends a running statement (and the attempt to connect) when it is cancelled.
    ///   - timeout: for the attempt to connect.
    ///   - explainLoss: asked when the connection was lost; may wait a moment for the reason.
    /// - Throws: ``Obstacle`` `connection-failed` or `authentication-failed`; its text holds no password.
    package init(
        _ parameters: ConnectionParameters, lossReason: Reason = .connectionFailed,
        cancellation: Cancellation? = nil, timeout: Duration = .seconds(15),
        explainLoss: (@Sendable () -> Obstacle?)? = nil
    ) throws {
        try cancellation?.check()
        handle = try ConnectionAttempt(parameters: parameters, cancellation: cancellation, timeout: timeout).run()
        self.parameters = parameters
        self.lossReason = lossReason
        self.cancellation = cancellation
        self.explainLoss = explainLoss
        interrupter = QueryInterrupter(handle)
        notices = NoticeReceiver()
        notices.install(on: handle)
        cancelToken = cancellation?.onCancel { [interrupter] in interrupter.interrupt() }
    }

    deinit {
        if let cancelToken { cancellation?.removeHandler(cancelToken) }
        interrupter.close()
        PQfinish(handle)
    }

    /// Hears notices and warnings; called on the thread that runs the statement.
    package var onNotice: ((PostgreSQLError) -> Void)? {
        get { notices.handler }
        set { notices.handler = newValue }
    }

    /// As it was asked for; nothing is sent.
    package var databaseName: String? { PQdb(handle).map { String(cString: $0) } }
    /// As 150018 for 15.18.
    package var serverVersion: Int { Int(PQserverVersion(handle)) }
    package var serverMajor: Int { serverVersion / 10_000 }
    /// The id of the session's server process, as that server sees it.
    package var backendIdentifier: Int32 { PQbackendPID(handle) }

    /// A value that the server reports of itself: `server_version`, `client_encoding`, `standard_conforming_strings`, ….
    package func parameterStatus(_ name: String) -> String? {
        PQparameterStatus(handle, name).map { String(cString: $0) }
    }

    package var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
    /// A statement of the open transaction failed: only ROLLBACK is possible.
    package var isInFailedTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INERROR }
    package var isLost: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Asks the server to end the running statement, which then fails with SQLSTATE 57014. From any thread.
    package func cancel() { interrupter.requestCancel() }

    /// Runs `body` while the cancellation may interrupt it.
    func running<Value>(_ body: () throws -> Value) throws -> Value {
        try cancellation?.check()
        interrupter.begin()
        defer { interrupter.end() }
        // Cancelled between the check and `begin`: nothing would interrupt the statement any more.
        try cancellation?.check()
        return try body()
    }

    /// What a failure of the running statement is: the cancellation, a lost connection, or the server's error.
    func failure(_ result: OpaquePointer?) -> any Error {
        if let obstacle = cancellation?.obstacle { return obstacle }
        let message = parameters.redacted(String(cString: PQerrorMessage(handle))).trimmed
        if isLost {
            if let explained = explainLoss?() { return explained }
            return Obstacle(lossReason, "the connection to \(parameters.target) was lost: \(message)")
        }
        return PostgreSQLError(result: result, fallback: message)
    }
}

extension StringProtocol {
    /// Without white space and line ends at both ends.
    var trimmed: String {
        let start = drop(while: { $0.isWhitespace })
        return String(start.reversed().drop(while: { $0.isWhitespace }).reversed())
    }
}
