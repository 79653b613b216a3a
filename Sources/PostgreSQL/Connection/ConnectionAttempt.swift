import Backups
import CLinux
import CPQ
import Glibc
import Processes

/// One attempt to connect, which a cancellation can end.
struct ConnectionAttempt {
    let parameters: ConnectionParameters
    let cancellation: Cancellation?
    let timeout: Duration

    /// - Returns: the handle of an open connection, which the caller finishes.
    func run() throws -> OpaquePointer {
        let handle = try start()
        do {
            try complete(handle)
        } catch {
            PQfinish(handle)
            throw error
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        return handle
    }

    private func start() throws -> OpaquePointer {
        let pairs = parameters.values.sorted { $0.key < $1.key }
        let keywords = pairs.map { strdup($0.key) }
        let values = pairs.map { strdup($0.value) }
        defer { for copy in keywords + values { free(copy) } }
        let handle = PQconnectStartParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil],
            // A dbname is a name, never a connection string of its own.
            0)
        guard let handle else { throw Obstacle(.outOfMemory, "no memory for a connection") }
        // Verbose messages carry the SQLSTATE, which libpq offers nowhere else for a failed connection.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        return handle
    }

    /// Libpq's loop ("34.1. Database Connection Control Functions", PQconnectPoll), waiting for the cancellation too.
    private func complete(_ handle: OpaquePointer) throws {
        let wake = try Pipe()
        let token = cancellation?.onCancel { wake.closeWriteEnd() }
        defer { if let token { cancellation?.removeHandler(token) } }
        let deadline = ContinuousClock.now + timeout
        var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            try cancellation?.check()
            guard status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING else { throw failure(handle) }
            let events = Int16(status == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            var descriptors = [
                pollfd(fd: PQsocket(handle), events: events, revents: 0),
                pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let (seconds, attoseconds) = (deadline - .now).components
            let milliseconds = max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
            let ready = poll(&descriptors, 2, Int32(min(milliseconds, Int64(Int32.max))))
            if ready == 0 {
                throw Obstacle(
                    .connectionFailed, "\(parameters.target) did not answer within \(timeout.components.seconds) s",
                    hint: "check host, port and firewall")
            }
            if descriptors[0].revents != 0 { status = PQconnectPoll(handle) }
        }
    }

    private func failure(_ handle: OpaquePointer) -> Obstacle {
        let message = parameters.redacted(String(cString: PQerrorMessage(handle)))
        return ConnectionFailure(
            message: message, target: parameters.target, needsPassword: PQconnectionNeedsPassword(handle) == 1,
            passwordFile: PasswordFile(parameters.values)
        ).obstacle
    }
}
