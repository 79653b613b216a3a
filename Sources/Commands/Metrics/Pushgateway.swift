import Backups
import CCurl
import Glibc

/// Hands metrics to a Prometheus Pushgateway, a group for each database (README of prometheus/pushgateway, "API").
struct Pushgateway {
    static let job = "restorable"

    private let base: String

    /// - Parameter base: as `http://pushgateway:9091`.
    init(_ base: String) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// All that it holds, in text format 0.0.4.
    /// - Throws: ``Obstacle`` `connection-failed` when it does not tell.
    func metrics() throws -> String {
        let answer = try request("GET", "\(base)/metrics")
        let text = String(decoding: answer.body, as: UTF8.self)
        // Whoever stands before it may answer with a page of his own.
        guard answer.status == 200, text.isEmpty || text.contains("# TYPE ") else {
            throw Obstacle(
                .connectionFailed,
                answer.status == 200
                    ? "the Pushgateway answers with something else than metrics"
                    : "the Pushgateway answered with status \(answer.status)",
                hint: Self.hint)
        }
        return text
    }

    /// - Parameter replacing: the whole group is replaced; else the series that `text` has, and the others stay.
    /// - Throws: ``Obstacle`` `connection-failed`.
    func push(_ text: String, database: String, replacing: Bool) throws {
        // Any name can be written in this form: "base64 encoding" in the same README.
        let name = Self.base64(Array(database.utf8))
        let answer = try request(
            replacing ? "PUT" : "POST", "\(base)/metrics/job/\(Self.job)/database@base64/\(name)", body: text)
        guard (200..<300).contains(answer.status) else {
            throw Obstacle(
                .connectionFailed, "the Pushgateway answered with status \(answer.status)", hint: Self.hint)
        }
    }

    private static let hint = "Look at the address given with --pushgateway, and whether it can be reached from here."

    /// More than any gateway holds.
    private static let most = 64 << 20

    private final class Received {
        var bytes: [UInt8] = []
    }

    private func request(
        _ method: String, _ url: String, body: String? = nil
    ) throws -> (status: Int, body: [UInt8]) {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        guard let handle = curl_easy_init() else { throw Obstacle(.outOfMemory, "libcurl could not be started") }
        defer { curl_easy_cleanup(handle) }
        var headers = curl_slist_append(nil, "Content-Type: text/plain; version=0.0.4")
        headers = curl_slist_append(headers, "Accept: text/plain; version=0.0.4")
        headers = curl_slist_append(headers, "Expect:")
        defer { curl_slist_free_all(headers) }
        restorable_curl_set_text(handle, CURLOPT_URL, url)
        restorable_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        restorable_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        if let body {
            let bytes = Array(body.utf8)
            restorable_curl_set_number(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            _ = bytes.withUnsafeBytes {
                restorable_curl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        }
        restorable_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, method)
        restorable_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        restorable_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
        restorable_curl_set_number(handle, CURLOPT_TIMEOUT, 30)
        let received = Received()
        restorable_curl_set_receiver(
            handle,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
                guard received.bytes.count < Pushgateway.most else { return 0 }
                received.bytes += UnsafeRawBufferPointer(start: bytes, count: size * count)
                return size * count
            }, Unmanaged.passUnretained(received).toOpaque())
        let status = withExtendedLifetime(received) { curl_easy_perform(handle) }
        guard status == CURLE_OK else {
            throw Obstacle(
                .connectionFailed,
                "the Pushgateway could not be reached: \(String(cString: curl_easy_strerror(status)))",
                hint: Self.hint)
        }
        return (restorable_curl_response_code(handle), received.bytes)
    }

    /// RFC 4648, 5: the alphabet for URLs, without padding. An empty value is written as one `=`.
    static func base64(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "=" }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0...group.count { text.append(alphabet[number >> (18 - 6 * digit) & 63]) }
        }
        return text
    }
}
