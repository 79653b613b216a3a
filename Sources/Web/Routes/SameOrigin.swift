import HTTPTypes

/// Whether a command comes from a page of this server, or from no page at all: a browser sends the password that it knows
/// with requests of any page (cross-site request forgery).
enum SameOrigin {
    /// By `Sec-Fetch-Site` (W3C Fetch Metadata), and by `Origin` (RFC 6454).
    /// - Parameter authority: host and port as the client named them.
    static func allows(_ headers: HTTPFields, authority: String?) -> Bool {
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { headers[$0] }
        if let site, !["same-origin", "none"].contains(site) { return false }
        guard let origin = headers[.origin] else { return true }
        // `null`, of a page that hides where it is from, has no slash.
        guard let slash = origin.firstIndex(of: "/"), let authority else { return false }
        return origin[slash...].lowercased() == "//\(authority)".lowercased()
    }
}
