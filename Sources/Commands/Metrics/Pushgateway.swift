import Backups
import CCurl
import Glibc

/// Hands metrics to a Prometheus Pushgateway: `POST /metrics/job/restorable/database/NAME`, which replaces the series it
/// brings and keeps the others, so that the last success outlives a failure (README of prometheus/pushgateway, "API").
struct Pushgateway {
    private let base: String

    /// - Parameter base: as `http://pushgateway:9091`.
    init(_ base: String) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// - Throws: ``Obstacle`` `connection-failed`.
    func push(_ text: String, database: String) throws {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        guard let handle = curl_easy_init() else { throw Obstacle(.outOfMemory, "libcurl could not be started") }
        defer { curl_easy_cleanup(handle) }
        // Any name can be written in this form: "base64 encoding" in the same README.
        let name = Self.base64(Array(database.utf8))
        var headers = curl_slist_append(nil, "Content-Type: text/plain; version=0.0.4")
        headers = curl_slist_append(headers, "Expect:")
        defer { curl_slist_free_all(headers) }
        let body = Array(text.utf8)
        let status = body.withUnsafeBytes { bytes in
            restorable_curl_set_text(handle, CURLOPT_URL, "\(base)/metrics/job/restorable/database@base64/\(name)")
            restorable_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
            restorable_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
            restorable_curl_set_number(handle, CURLOPT_POSTFIELDSIZE, bytes.count)
            restorable_curl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
            restorable_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
            restorable_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
            restorable_curl_set_number(handle, CURLOPT_TIMEOUT, 30)
            restorable_curl_set_receiver(handle, { _, size, count, _ in size * count }, nil)
            return curl_easy_perform(handle)
        }
        let hint = "Look at the address given with --pushgateway, and whether it can be reached from here."
        guard status == CURLE_OK else {
            throw Obstacle(
                .connectionFailed,
                "the Pushgateway could not be reached: \(String(cString: curl_easy_strerror(status)))",
                hint: hint)
        }
        let code = restorable_curl_response_code(handle)
        guard (200..<300).contains(code) else {
            throw Obstacle(.connectionFailed, "the Pushgateway answered with status \(code)", hint: hint)
        }
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
