import Backups
import CPQ

extension Connection {
    /// Runs one or more statements in one message (the simple protocol), and returns the result of each.
    /// - Throws: the error of the first that failed; the server skips the rest, as psql does with one line.
    @discardableResult
    package func execute(_ sql: String) throws -> [QueryResult] {
        try running {
            guard sql.withCString({ PQsendQuery(handle, $0) }) == 1 else { throw failure(nil) }
            return try collectResults()
        }
    }

    /// The same from bytes in the connection's client encoding, which need not be UTF-8.
    @discardableResult
    package func execute(_ sql: [UInt8]) throws -> [QueryResult] {
        try running {
            let sent = withUnsafeTemporaryAllocation(of: CChar.self, capacity: sql.count + 1) { buffer in
                for index in sql.indices { buffer[index] = CChar(bitPattern: sql[index]) }
                buffer[sql.count] = 0
                return PQsendQuery(handle, buffer.baseAddress)
            }
            guard sent == 1 else { throw failure(nil) }
            return try collectResults()
        }
    }

    /// Runs one statement with parameters `$1`, `$2`, … as text (`nil` is NULL); their types are the server's to infer.
    package func query(_ sql: String, _ parameters: [String?] = []) throws -> QueryResult {
        let results = try running {
            guard sendQuery(sql, parameters) else { throw failure(nil) }
            return try collectResults()
        }
        guard let last = results.last else {
            throw Obstacle(.internalError, "an empty statement was sent to \(self.parameters.target)")
        }
        return last
    }

    /// Runs one statement and hands over its rows one by one as they come; memory does not grow with their number.
    /// - Parameter body: gets a result that holds one row, valid only during the call. When it throws, the statement is
    ///   cancelled and its rest dropped.
    /// - Returns: how many rows came.
    @discardableResult
    package func stream(
        _ sql: String, _ parameters: [String?] = [], row body: (QueryResult) throws -> Void
    ) throws -> UInt64 {
        try running {
            guard sendQuery(sql, parameters), PQsetSingleRowMode(handle) == 1 else { throw failure(nil) }
            var rows: UInt64 = 0
            var firstError: (any Error)?
            while let handle = PQgetResult(handle) {
                let result = QueryResult(handle)
                switch PQresultStatus(handle) {
                case PGRES_SINGLE_TUPLE where firstError == nil:
                    rows += 1
                    do { try body(result) } catch {
                        firstError = error
                        cancel()
                    }
                case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                    break
                default:
                    firstError = firstError ?? failure(handle)
                }
            }
            if let firstError { throw firstError }
            return rows
        }
    }

    private func sendQuery(_ sql: String, _ parameters: [String?]) -> Bool {
        let copies = parameters.map { $0.map { strdupBytes($0) } }
        defer { for copy in copies { copy?.deallocate() } }
        let pointers = copies.map { UnsafePointer($0) }
        return PQsendQueryParams(handle, sql, Int32(parameters.count), nil, pointers, nil, nil, 0) == 1
    }

    private func strdupBytes(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { copy.initialize(from: base, count: source.count) }
        }
        return copy
    }

    /// Reads every result of what was sent. Libpq wants them all read before the next statement.
    func collectResults() throws -> [QueryResult] {
        var results: [QueryResult] = []
        var firstError: (any Error)?
        while let handle = PQgetResult(handle) {
            let result = QueryResult(handle)
            switch PQresultStatus(handle) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_SINGLE_TUPLE:
                results.append(result)
            case PGRES_EMPTY_QUERY:
                break
            case PGRES_COPY_IN, PGRES_COPY_BOTH:
                PQputCopyEnd(self.handle, "this statement was not expected to want data")
            case PGRES_COPY_OUT:
                dropCopyData()
            default:
                firstError = firstError ?? failure(handle)
                // A lost connection reports itself for ever otherwise.
                if isLost { throw firstError ?? failure(nil) }
            }
        }
        if let firstError { throw firstError }
        return results
    }

    private func dropCopyData() {
        var buffer: UnsafeMutablePointer<CChar>?
        while PQgetCopyData(handle, &buffer, 0) > 0 { PQfreemem(buffer) }
    }
}
