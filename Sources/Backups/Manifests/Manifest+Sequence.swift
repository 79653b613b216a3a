extension Manifest {
    /// Where a sequence stood before and after the dump.
    ///
    /// Sequences keep no snapshot: a dump shows each as it stood the moment it came to it. So the value in the dump lies
    /// between the two, and is exact when they are equal.
    package struct Sequence: Sendable, Equatable {
        package var name: TableName
        package var before: SequencePosition
        package var after: SequencePosition

        package init(name: TableName, before: SequencePosition, after: SequencePosition) {
            self.name = name
            self.before = before
            self.after = after
        }
    }
}

/// `last_value` and `is_called` of a sequence.
package struct SequencePosition: Sendable, Hashable, Codable, CustomStringConvertible {
    package var lastValue: Int64
    /// The next value is the one after `lastValue`; `lastValue` itself otherwise.
    package var isCalled: Bool

    package init(lastValue: Int64, isCalled: Bool) {
        self.lastValue = lastValue
        self.isCalled = isCalled
    }

    package var description: String { isCalled ? "\(lastValue)" : "\(lastValue), not yet called" }

    private enum CodingKeys: String, CodingKey {
        case lastValue = "last_value"
        case isCalled = "is_called"
    }
}

extension Manifest.Sequence: Codable {
    private enum CodingKeys: String, CodingKey {
        case database, schema, name, before, after
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = TableName(
            database: try container.decodeIfPresent(String.self, forKey: .database),
            schema: try container.decode(String.self, forKey: .schema),
            name: try container.decode(String.self, forKey: .name))
        before = try container.decode(SequencePosition.self, forKey: .before)
        after = try container.decode(SequencePosition.self, forKey: .after)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name.database, forKey: .database)
        try container.encode(name.schema, forKey: .schema)
        try container.encode(name.name, forKey: .name)
        try container.encode(before, forKey: .before)
        try container.encode(after, forKey: .after)
    }
}
