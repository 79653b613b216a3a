import Backups
import CCurl

/// One request under way: pulled by the thread that reads its answer, so that no more comes in than is read.
///
/// Not `Sendable`: one thread. Cancellation ends a wait at once.
final class CurlTransfer {
    private let connections: CurlConnections
    private let pool: CurlPool
    private let easy: UnsafeMutableRawPointer
    private let sink = CurlSink()
    private let request: HTTPRequest
    private let lines: UnsafeMutablePointer<curl_slist>?
    private let said = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let body: UnsafeMutableRawBufferPointer
    private let cancellation: Cancellation
    private let token: UInt64
    private var result: CURLcode?
    /// How long it took until the answer began.
    private(set) var latency = Duration.zero
    /// How long reading waited for bytes since.
    private(set) var waited = Duration.zero

    /// Sends the request, and waits for the headers of the answer.
    /// - Throws: ``HTTPFailure``, and the ``Obstacle`` of the cancellation.
    init(_ request: HTTPRequest, pool: CurlPool, cancellation: Cancellation) throws {
        let connections = try pool.take()
        guard let easy = curl_easy_init() else { throw Obstacle(.outOfMemory, "libcurl could not be started") }
        (self.connections, self.pool, self.easy) = (connections, pool, easy)
        (self.request, self.cancellation) = (request, cancellation)
        lines = request.headers.reduce(UnsafeMutablePointer<curl_slist>?.none) { list, header in
            curl_slist_append(list, "\(header.name): \(header.value)") ?? list
        }
        // Never empty: libcurl takes no address for no body.
        body = .allocate(byteCount: max(1, request.body?.count ?? 0), alignment: 16)
        body.copyBytes(from: request.body ?? [])
        said.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        token = cancellation.onCancel { connections.wake() }
        CurlOptions(easy).apply(request, lines: lines, body: body, said: said, sink: sink)
        curl_multi_add_handle(connections.multi, easy)
        try wait { sink.hasBody }
        (latency, waited) = (waited, .zero)
    }

    deinit {
        cancellation.removeHandler(token)
        // A transfer that is not over closes its connection here; others leave it open for the next.
        curl_multi_remove_handle(connections.multi, easy)
        curl_easy_cleanup(easy)
        curl_slist_free_all(lines)
        said.deallocate()
        body.deallocate()
        pool.giveBack(connections)
    }

    var head: HTTPHead { sink.head }

    /// The next bytes of the body.
    /// - Returns: 0 at its end.
    /// - Throws: ``HTTPFailure`` when it breaks off.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try sink.filling(buffer) { filled in try wait { filled() > 0 } }
    }

    /// The rest of the body, whole.
    /// - Throws: ``HTTPFailure`` also when it is longer than `most` bytes.
    func body(most: Int) throws -> [UInt8] {
        var body: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return body }
            guard body.count + count <= most else {
                throw HTTPFailure(.tooLarge, "the answer is longer than \(Quantity.bytes(UInt64(most)))")
            }
            body += piece[..<count]
        }
    }

    /// Takes in the end of the answer, if it is here already, so that the connection can be used again.
    func settle() {
        guard result == nil else { return }
        perform()
    }

    /// Lets libcurl work until there is something, or the end.
    private func wait(until isThere: () -> Bool) throws {
        if isThere() { return }
        var before = progress
        var since = ContinuousClock.now
        while true {
            try cancellation.check()
            perform()
            if isThere() { return }
            if let result {
                guard result == CURLE_OK else { throw HTTPFailure(result, said: String(cString: said)) }
                return
            }
            let now = progress
            if now != before { (before, since) = (now, ContinuousClock.now) }
            let left = request.stallTimeout - (ContinuousClock.now - since)
            guard left > .zero else {
                throw HTTPFailure(
                    .stalled, "nothing came for \(Quantity.duration(seconds: request.stallTimeout.totalSeconds))")
            }
            let begun = ContinuousClock.now
            curl_multi_poll(connections.multi, nil, 0, Int32(min(1000, max(1, left.totalSeconds * 1000))), nil)
            waited += .now - begun
        }
    }

    /// Bytes both ways.
    private var progress: Int { sink.received + Int(restorable_curl_uploaded(easy)) }

    private func perform() {
        guard result == nil else { return }
        if sink.isPaused {
            sink.resume()
            restorable_curl_unpause(easy)
        }
        var running: Int32 = 0
        curl_multi_perform(connections.multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(connections.multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { result = message.pointee.data.result }
        }
    }
}
