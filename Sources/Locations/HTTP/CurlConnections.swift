import Backups
import CCurl
import Synchronization

/// Connections of libcurl that are kept open between requests, used by one thread at a time.
///
/// `@unchecked Sendable`: `multi` is made in `init` and freed in `deinit`, when nobody else can hold a reference.
/// Between the two only the thread that took this from its ``CurlPool`` uses it, but for ``wake()``, which may come
/// from any thread (curl_multi_wakeup(3)).
final class CurlConnections: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer

    /// libcurl is set up once for the process (curl_global_init(3)).
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() throws {
        guard Self.isReady, let multi = curl_multi_init() else {
            throw Obstacle(.outOfMemory, "libcurl could not be started")
        }
        self.multi = multi
    }

    deinit {
        curl_multi_cleanup(multi)
    }

    /// Ends a wait of the thread that uses this.
    func wake() {
        curl_multi_wakeup(multi)
    }
}

/// Connections that nobody uses at the moment.
final class CurlPool: Sendable {
    /// More readers than this side by side are rare; what they leave is closed.
    private static let most = 16
    private let idle = Mutex<[CurlConnections]>([])

    func take() throws -> CurlConnections {
        try idle.withLock { $0.popLast() } ?? CurlConnections()
    }

    func giveBack(_ connections: CurlConnections) {
        idle.withLock { if $0.count < Self.most { $0.append(connections) } }
    }
}
