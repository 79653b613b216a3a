/// What production's counters say of the rows of one restored table, or of one family of partitions as a sum.
package struct BoundedTable: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case within(ClosedRange<UInt64>)
        /// And no known hole explains it.
        case outside(ClosedRange<UInt64>)
        case unknown(UnknownBound)
        /// There is nothing to compare: that is a matter of the schema, or of choice.
        case apart(Apart)
    }

    package enum Apart: Sendable, Equatable, CustomStringConvertible {
        /// Production lacks the table now.
        case dropped
        /// Not in the backup, and not there when production was last sampled before it.
        case created
        case leftOut

        package var description: String {
            switch self {
            case .dropped: "production does not have the table now"
            case .created: "not in the backup, and not in production when it was sampled before the backup"
            case .leftOut: "not compared, as configured"
            }
        }
    }

    package var name: TableName
    /// `nil`: the restored copy lacks the table.
    package var restored: UInt64?
    /// Exact count of production; `nil` where it lacks the table.
    package var now: UInt64?
    package var state: State

    package init(name: TableName, restored: UInt64?, now: UInt64?, state: State) {
        self.name = name
        self.restored = restored
        self.now = now
        self.state = state
    }

    /// `nil`: it was not judged.
    package var verdict: Verdict? {
        switch state {
        case .within: .verified
        case .outside: .failed
        case .unknown: .inconclusive
        case .apart: nil
        }
    }

    /// What this proves of the table by itself.
    package var proof: Proof { verdict == .verified ? .bounds : .none }

    /// Where its rows must lie; `nil` where nothing says it.
    package var bounds: ClosedRange<UInt64>? {
        switch state {
        case .within(let bounds), .outside(let bounds), .unknown(.doubtful(let bounds, _)): bounds
        case .unknown, .apart: nil
        }
    }

    /// One line for people.
    package var text: String {
        let back = restored.map { "\(Quantity.count($0)) restored" } ?? "missing from the restored database"
        switch state {
        case .within(let bounds), .outside(let bounds): return "\(name): \(back), \(Self.text(bounds))"
        case .unknown(let unknown): return "\(name): \(back), \(unknown)"
        case .apart(let apart): return "\(name): \(apart)"
        }
    }

    static func text(_ bounds: ClosedRange<UInt64>) -> String {
        bounds.lowerBound == bounds.upperBound
            ? "\(Quantity.count(bounds.lowerBound)) expected"
            : "between \(Quantity.count(bounds.lowerBound)) and \(Quantity.count(bounds.upperBound)) expected"
    }
}
