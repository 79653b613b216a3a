internal import Backups
internal import Glibc

/// Writes stored bytes to a filter's standard input, and digests them. Runs on a thread of its own.
struct FilterFeed: Sendable {
    struct Fed: Sendable {
        let facts: StoredFacts
        /// The filter took every byte.
        let wasTaken: Bool
    }

    let source: any StoredBytes
    /// Closed at the end, which is how the filter learns of it.
    let descriptor: Int32
    let wake: WakePipe
    let outcome = Outcome<Fed>()

    func run() {
        // A filter that is gone must be an error here, not the end of the process; this thread's mask is its own.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let result = Result { try feed() }
        close(descriptor)
        outcome.set(result)
    }

    private func feed() throws -> Fed {
        let reader = try source.makeReader(at: 0)
        let digest = try SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        var size: UInt64 = 0
        var wasTaken = true
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            size += UInt64(count)
            try digest.update(bytes)
            if wasTaken { wasTaken = try write(bytes) }
        }
        return Fed(facts: StoredFacts(size: size, sha256: try digest.finish()), wasTaken: wasTaken)
    }

    /// - Returns: `false` when the filter takes no more.
    private func write(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try wake.wait(for: descriptor, POLLOUT) else {
                throw Obstacle(.interrupted, "the filter was stopped")
            }
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + rest.startIndex }, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                return false
            } else if errno != EINTR, errno != EAGAIN {
                throw SystemError.obstacle("write to", "the filter")
            }
        }
        return true
    }
}
