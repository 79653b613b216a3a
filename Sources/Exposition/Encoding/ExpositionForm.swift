/// What goes over the wire: a format, compressed or not.
package struct ExpositionForm: Sendable, Hashable {
    package let format: ExpositionFormat
    package let isGzipped: Bool

    package init(_ format: ExpositionFormat, isGzipped: Bool = false) {
        self.format = format
        self.isGzipped = isGzipped
    }

    /// For the header `Content-Type`.
    package var contentType: String { format.contentType }

    /// For the header `Content-Encoding`; `nil`: the header is left out.
    package var contentEncoding: String? { isGzipped ? "gzip" : nil }

    /// For the header `Vary`: what the form was chosen by.
    package static let vary = "Accept, Accept-Encoding"
}
