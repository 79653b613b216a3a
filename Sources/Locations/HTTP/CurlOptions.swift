import Backups
import CCurl

/// Sets up a handle of libcurl for one request. Nothing of what it says is ever logged: `CURLOPT_VERBOSE` would show
/// headers.
struct CurlOptions {
    private let easy: UnsafeMutableRawPointer

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    /// All that is handed over must live as long as the handle.
    func apply(
        _ request: HTTPRequest, lines: UnsafeMutablePointer<curl_slist>?, body: UnsafeMutableRawBufferPointer,
        said: UnsafeMutablePointer<CChar>, sink: CurlSink
    ) {
        text(CURLOPT_URL, request.url)
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        // Keys may hold `..` and `//`, which are letters like others there.
        number(CURLOPT_PATH_AS_IS, 1)
        number(CURLOPT_NOSIGNAL, 1)
        // Neither S3 nor anything like it speaks another version.
        number(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        number(CURLOPT_BUFFERSIZE, 256 << 10)
        number(CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout.totalSeconds * 1000))
        number(CURLOPT_TCP_KEEPALIVE, 1)
        if let certificates = request.certificates { text(CURLOPT_CAINFO, certificates) }
        if request.isDirect { text(CURLOPT_NOPROXY, "*") }
        restorable_curl_set_list(easy, CURLOPT_HTTPHEADER, lines)
        method(request, body)
        if let signature = request.signature { sign(signature) }
        restorable_curl_set_error_buffer(easy, said)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        restorable_curl_set_receiver(
            easy,
            { bytes, size, count, context in
                guard let context, let bytes else { return 0 }
                let sink = Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue()
                return sink.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }, context)
        restorable_curl_set_header_receiver(
            easy,
            { bytes, size, count, context in
                guard let context, let bytes else { return 0 }
                let sink = Unmanaged<CurlSink>.fromOpaque(context).takeUnretainedValue()
                sink.receive(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            }, context)
    }

    private func method(_ request: HTTPRequest, _ body: UnsafeMutableRawBufferPointer) {
        switch request.method {
        case "GET": break
        case "HEAD": number(CURLOPT_NOBODY, 1)
        default: text(CURLOPT_CUSTOMREQUEST, request.method)
        }
        guard let count = request.body?.count else { return }
        number(CURLOPT_POSTFIELDSIZE, count)
        restorable_curl_set_bytes(easy, CURLOPT_POSTFIELDS, body.baseAddress)
    }

    private func sign(_ signature: HTTPRequest.Signature) {
        text(CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):\(signature.service)")
        text(CURLOPT_USERNAME, signature.credentials.accessKey)
        text(CURLOPT_PASSWORD, signature.credentials.secretKey)
    }

    private func text(_ option: CURLoption, _ value: String) { restorable_curl_set_text(easy, option, value) }
    private func number(_ option: CURLoption, _ value: Int) { restorable_curl_set_number(easy, option, value) }
}
