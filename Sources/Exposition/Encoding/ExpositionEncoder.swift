/// Writes metric families in one of the text formats, in the order given: the same families are the same bytes.
///
/// Families without a value are left out, with their metadata. Names must differ from family to family and labels from
/// sample to sample: that is for those who make them.
package struct ExpositionEncoder {
    private let format: ExpositionFormat
    private var bytes: [UInt8] = []

    private init(_ format: ExpositionFormat) {
        self.format = format
    }

    package static func encode(_ families: [MetricFamily], as format: ExpositionFormat) -> [UInt8] {
        var encoder = ExpositionEncoder(format)
        encoder.bytes.reserveCapacity(families.reduce(0) { $0 + 256 + $1.samples.count * 96 })
        for family in families { encoder.append(family) }
        if format == .openMetrics { encoder.bytes.append(contentsOf: "# EOF\n".utf8) }
        return encoder.bytes
    }

    private mutating func append(_ family: MetricFamily) {
        guard family.samples.contains(where: { !$0.value.isNaN }) else { return }
        appendMetadata(of: family)
        let name = Array(family.name.utf8)
        for sample in family.samples where !sample.value.isNaN {
            bytes.append(contentsOf: name)
            append(sample.labels)
            bytes.append(UInt8(ascii: " "))
            bytes.append(number: sample.value)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func append(_ labels: [Label]) {
        var isFirst = true
        for label in labels where !label.value.isEmpty {
            bytes.append(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
            isFirst = false
            bytes.append(contentsOf: label.name.utf8)
            bytes.append(UInt8(ascii: "="))
            bytes.append(UInt8(ascii: "\""))
            bytes.append(escaped: label.value, withQuotes: true)
            bytes.append(UInt8(ascii: "\""))
        }
        if !isFirst { bytes.append(UInt8(ascii: "}")) }
    }
}

extension ExpositionEncoder {
    /// Text names a family as its samples, OpenMetrics without the ending of its type; text escapes quotes in labels only,
    /// OpenMetrics everywhere.
    private mutating func appendMetadata(of family: MetricFamily) {
        let name = format == .text ? family.name[...] : family.baseName
        appendKeyword("HELP", name)
        bytes.append(escaped: family.help, withQuotes: format == .openMetrics)
        bytes.append(UInt8(ascii: "\n"))
        appendKeyword("TYPE", name)
        bytes.append(contentsOf: typeName(of: family).utf8)
        bytes.append(UInt8(ascii: "\n"))
        if format == .openMetrics, let unit = family.writtenUnit {
            appendKeyword("UNIT", name)
            bytes.append(contentsOf: unit.rawValue.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private mutating func appendKeyword(_ keyword: String, _ name: Substring) {
        bytes.append(contentsOf: "# ".utf8)
        bytes.append(contentsOf: keyword.utf8)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: " "))
    }

    /// Text 0.0.4 has no `info`: there it is a gauge, as all exporters write it.
    private func typeName(of family: MetricFamily) -> String {
        switch (family.type, format) {
        case (.gauge, _): "gauge"
        case (.counter, .text): "counter"
        case (.counter, .openMetrics): family.isNamedForType ? "counter" : "unknown"
        case (.info, .text): "gauge"
        case (.info, .openMetrics): family.isNamedForType ? "info" : "unknown"
        }
    }
}
