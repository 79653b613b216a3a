import CCurl

/// Why a request has no answer, or only a part of one.
struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    enum Kind: Sendable, Equatable {
        case nameNotResolved, refused, tls, certificate, stalled, broken, cut, tooLarge, other
    }

    let kind: Kind
    /// What libcurl says, without secrets: it is given none but in headers, which it does not quote.
    let detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    /// - Parameter said: what stands in the error buffer.
    init(_ code: CURLcode, said: String) {
        self.init(Self.kind(code), said.isEmpty ? String(cString: curl_easy_strerror(code)) : said)
    }

    /// Whether the same request may well succeed a moment later. A server that restarts breaks handshakes off as it does connections,
    /// and libcurl calls both an error of TLS.
    var isTransient: Bool {
        switch kind {
        case .nameNotResolved, .refused, .tls, .stalled, .broken, .cut: true
        case .certificate, .tooLarge, .other: false
        }
    }

    /// No server answered, or none that speaks as it should: that rarely passes.
    var isBeforeAnswer: Bool { [.nameNotResolved, .refused, .tls].contains(kind) }

    var description: String { detail }

    private static func kind(_ code: CURLcode) -> Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotResolved
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .certificate
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND: .tls
        case CURLE_OPERATION_TIMEDOUT: .stalled
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_WEIRD_SERVER_REPLY:
            .broken
        case CURLE_PARTIAL_FILE: .cut
        default: .other
        }
    }
}
