/// What one client may take of the server. Every limit is there so that slow or greedy clients can't hold up a scrape.
package struct WebLimits: Sendable, Equatable {
    /// From the first moment of a connection, TLS handshake included, until its first request's head is there.
    package var headerTime: Duration
    /// From the head of a request until the end of its body.
    package var bodyTime: Duration
    /// From the end of a request until the client has taken the whole response.
    package var responseTime: Duration
    /// From the end of a response until the head of the next request on the same connection.
    package var idleTime: Duration
    /// Bytes of all header fields, and of the request line.
    package var headerBytes: Int
    package var bodyBytes: Int
    /// Open at the same time. The connection that waited longest for its client makes room for a new one.
    package var connections: Int

    package init(
        headerTime: Duration = .seconds(10), bodyTime: Duration = .seconds(15), responseTime: Duration = .seconds(60),
        idleTime: Duration = .seconds(75), headerBytes: Int = 8192, bodyBytes: Int = 65_536, connections: Int = 4096
    ) {
        self.headerTime = headerTime
        self.bodyTime = bodyTime
        self.responseTime = responseTime
        self.idleTime = idleTime
        self.headerBytes = headerBytes
        self.bodyBytes = bodyBytes
        self.connections = connections
    }
}
