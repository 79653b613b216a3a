extension ExpositionForm {
    /// The form that a client asks for by its headers; several headers of one name are joined by commas, `nil` is none.
    ///
    /// Never refuses: a client that accepts neither format gets text 0.0.4, which RFC 9110 (12.5.1) allows and every scraper
    /// reads. Parameters other than `version` and `q` are ignored, so is Prometheus' `escaping`: our names need none.
    package init(accept: String?, acceptEncoding: String?) {
        self.init(
            Self.format(accept: accept ?? ""), isGzipped: Self.acceptsGzip(acceptEncoding: acceptEncoding ?? ""))
    }

    /// The format with the greatest weight; among equals the one that was named more exactly, then text, for people.
    private static func format(accept: String) -> ExpositionFormat {
        let list = WeightedList(accept)
        var best: (format: ExpositionFormat, weight: Double, precision: Int)?
        for format in [ExpositionFormat.text, .openMetrics] {
            guard let (weight, precision) = format.acceptance(in: list), weight > 0 else { continue }
            if let best, (best.weight, best.precision) >= (weight, precision) { continue }
            best = (format, weight, precision)
        }
        return best?.format ?? .text
    }

    /// `x-gzip` is an old name of gzip (RFC 9110, 8.4.1.3). Nothing said is nothing compressed.
    private static func acceptsGzip(acceptEncoding: String) -> Bool {
        let elements = WeightedList(acceptEncoding).elements
        let named = elements.first { $0.name == "gzip" || $0.name == "x-gzip" }
        let weight = (named ?? elements.first { $0.name == "*" })?.weight ?? 0
        let identity = elements.first { $0.name == "identity" }?.weight ?? 0
        return weight > 0 && weight >= identity
    }
}

extension ExpositionFormat {
    private var mediaType: (type: String, subtype: String) {
        switch self {
        case .text: ("text", "plain")
        case .openMetrics: ("application", "openmetrics-text")
        }
    }

    private var version: String {
        switch self {
        case .text: "0.0.4"
        case .openMetrics: "1.0.0"
        }
    }

    /// The weight that the most exact element gives this format, and how exact it is: with version, without, `type/*`,
    /// `*/*`. An element that asks for another version is about another format. `nil` when none is about this one.
    fileprivate func acceptance(in list: WeightedList) -> (weight: Double, precision: Int)? {
        list.elements.compactMap { element in precision(of: element).map { (element.weight, $0) } }
            .max { ($0.1, $0.0) < ($1.1, $1.0) }
    }

    private func precision(of element: WeightedList.Element) -> Int? {
        switch element.name {
        case "\(mediaType.type)/\(mediaType.subtype)":
            guard let asked = element.parameters["version"] else { return 3 }
            return asked == version ? 4 : nil
        case "\(mediaType.type)/*": return 2
        case "*/*", "*": return 1
        default: return nil
        }
    }
}
