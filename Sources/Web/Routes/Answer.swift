import Backups
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A response before it is written: status, type, body.
struct Answer: Sendable, Equatable {
    enum Body: Sendable, Equatable {
        case json(String)
        case html(String)
        case text(String)
        case bytes([UInt8], type: String, encoding: String?)
    }

    var status: HTTPResponse.Status
    var body: Body
    var fields: HTTPFields = [:]

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, body: .json(value.text + "\n"))
    }

    static func html(_ page: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, body: .html(page))
    }

    static func text(_ line: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, body: .text(line + "\n"))
    }

    private var typed: (bytes: ByteBuffer, type: String, encoding: String?) {
        switch body {
        case .json(let text): (ByteBuffer(string: text), "application/json", nil)
        case .html(let text): (ByteBuffer(string: text), "text/html; charset=utf-8", nil)
        case .text(let text): (ByteBuffer(string: text), "text/plain; charset=utf-8", nil)
        case .bytes(let bytes, let type, let encoding): (ByteBuffer(bytes: bytes), type, encoding)
        }
    }

    /// With the headers that every response has. Nothing may be kept: what was true a minute ago may not be now.
    /// - Parameter isHead: the same headers, without the body.
    func response(isHead: Bool) -> Response {
        let (bytes, type, encoding) = typed
        var headers = fields
        headers[.contentType] = type
        headers[.contentEncoding] = encoding
        headers[.contentLength] = String(bytes.readableBytes)
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in Self.guarding { headers[name] = value }
        if case .html = body {
            headers[.contentSecurityPolicy] = PageStyle.contentSecurityPolicy
        } else {
            headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        return Response(
            status: status, headers: headers, body: isHead ? ResponseBody() : ResponseBody(byteBuffer: bytes))
    }

    /// Those that HTTPTypes has no names for.
    private static let guarding: [(name: HTTPField.Name, value: String)] = [
        ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
