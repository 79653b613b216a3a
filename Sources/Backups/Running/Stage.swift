/// The stages of a verification, in their order.
package enum Stage: String, Codable, Sendable, CaseIterable, Comparable {
    case fetch, integrity, restore, recovery, schema, rows, checksums, freshness, queries, amcheck

    package static func < (left: Stage, right: Stage) -> Bool {
        left.order < right.order
    }

    private var order: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
}
