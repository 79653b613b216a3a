import Backups
import CPQ

extension Connection {
    /// Starts a `COPY … FROM STDIN`.
    package func copyIn(_ statement: String) throws -> CopyIn { try copyIn(Array(statement.utf8)) }

    /// Starts a `COPY … FROM STDIN`, given in the client encoding.
    package func copyIn(_ statement: [UInt8]) throws -> CopyIn {
        try running {
            try send(statement)
            try expect(PGRES_COPY_IN, "COPY … FROM STDIN")
            return CopyIn(self)
        }
    }

    /// Runs a `COPY … TO STDOUT`.
    /// - Parameter body: gets one row at a time, with its line end, valid only during the call.
    /// - Returns: the rows that the server sent, as its command tag says.
    @discardableResult
    package func copyOut(_ statement: String, row body: (UnsafeRawBufferPointer) throws -> Void) throws -> UInt64 {
        try running {
            try send(Array(statement.utf8))
            try expect(PGRES_COPY_OUT, "COPY … TO STDOUT")
            var firstError: (any Error)?
            var buffer: UnsafeMutablePointer<CChar>?
            while true {
                let count = PQgetCopyData(handle, &buffer, 0)
                guard count > 0 else { break }
                defer { PQfreemem(buffer) }
                if firstError == nil {
                    do { try body(UnsafeRawBufferPointer(start: buffer, count: Int(count))) } catch {
                        firstError = error
                        cancel()
                    }
                }
            }
            if let firstError {
                // Only the caller's own error counts: the server's is the cancellation that it caused.
                while let result = PQgetResult(handle), !isLost { PQclear(result) }
                throw firstError
            }
            return try collectResults().last?.affectedRows ?? 0
        }
    }

    private func send(_ statement: [UInt8]) throws {
        let sent = (statement + [0]).withUnsafeBytes {
            PQsendQuery(handle, $0.assumingMemoryBound(to: CChar.self).baseAddress)
        }
        guard sent == 1 else { throw failure(nil) }
    }

    /// Reads results up to the one that starts the copy.
    private func expect(_ status: ExecStatusType, _ what: String) throws {
        guard let result = PQgetResult(handle) else { throw failure(nil) }
        let got = PQresultStatus(result)
        let error = failure(result)
        PQclear(result)
        if got == status { return }
        _ = try collectResults()
        guard got != PGRES_FATAL_ERROR else { throw error }
        throw Obstacle(.internalError, "a statement that is no \(what) was sent as one to \(parameters.target)")
    }
}
