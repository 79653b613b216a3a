/// Where and how the web server serves.
package struct WebConfiguration: Sendable, Equatable {
    package var listen: ListenAddress
    /// The web configuration file (``WebFile``); `nil` serves without TLS and to everybody who can connect.
    package var file: String?
    package var limits: WebLimits

    package init(listen: ListenAddress, file: String? = nil, limits: WebLimits = WebLimits()) {
        self.listen = listen
        self.file = file
        self.limits = limits
    }
}
