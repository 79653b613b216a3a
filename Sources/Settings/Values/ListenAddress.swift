/// `listen`: where the daemon serves HTTP.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package static let standard = ListenAddress(host: "127.0.0.1", port: 9988)
    static let expectation = "HOST:PORT, [IPV6]:PORT or :PORT"

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:9988`, `[::1]:9988`, `localhost:9988`; `:9988` is every address of the machine.
    /// - Returns: `nil` for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self.init(host: host.isEmpty ? "::" : String(host), port: Int(port))
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
