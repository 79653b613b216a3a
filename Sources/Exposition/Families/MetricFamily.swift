/// Series of one name, with what is said of all of them.
package struct MetricFamily: Sendable, Equatable {
    /// The name of its series as PromQL knows it: with the unit, and with `_total` (counter) or `_info` (info) at its end.
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    package let name: String
    /// One sentence.
    package let help: String
    package let type: MetricType
    package let unit: MetricUnit?
    package var samples: [Sample]

    package init(
        _ name: String, _ help: String, type: MetricType = .gauge, unit: MetricUnit? = nil, samples: [Sample] = []
    ) {
        self.name = name
        self.help = help
        self.type = type
        self.unit = unit
        self.samples = samples
    }

    /// Whether the name has the ending that its type asks for. In OpenMetrics a family that has not is of type `unknown`:
    /// a parser would refuse the whole page otherwise.
    var isNamedForType: Bool { name.hasSuffix(type.suffix) && name.utf8.count > type.suffix.utf8.count }

    /// The name in OpenMetrics metadata: without the ending of its type.
    var baseName: Substring { isNamedForType ? name.dropLast(type.suffix.count) : name[...] }

    /// The unit, where the base name ends with it as OpenMetrics demands; an info has none.
    var writtenUnit: MetricUnit? {
        guard let unit, type != .info, baseName.hasSuffix("_\(unit.rawValue)") else { return nil }
        return unit
    }
}
