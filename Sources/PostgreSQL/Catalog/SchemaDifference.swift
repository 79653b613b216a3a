internal import Backups

/// How two schemas differ, as a diff that reads like one.
package struct SchemaDifference: Sendable, Equatable {
    package enum Change: Sendable, Equatable {
        /// Only on the first side: lost.
        case missing
        /// Only on the second side: not there before.
        case added
        case changed
    }

    package struct Entry: Sendable, Equatable {
        package let change: Change
        /// `column public.orders.note`.
        package let key: String
        /// The definition on the first side; `nil` where only its digest is known, or it is not there.
        package let first: String?
        package let second: String?
        /// Why it does not count; `nil` when it does.
        package let excuse: String?
    }

    /// In the order of kinds and names; those that count, and those that are excused.
    package let entries: [Entry]
    package let compared: Int

    package var counting: [Entry] { entries.filter { $0.excuse == nil } }
    package var excused: [Entry] { entries.filter { $0.excuse != nil } }

    /// Holds `second` (restored) against `first` (what was there).
    package init(_ first: CatalogSnapshot, _ second: CatalogSnapshot, tolerance: SchemaTolerance = SchemaTolerance()) {
        var entries: [Entry] = []
        let rules = Rules(first: first.serverMajor, second: second.serverMajor, tolerance: tolerance)
        var (left, right) = (first.objects[...], second.objects[...])
        var compared = 0
        while let object = Self.lesser(left.first, right.first) {
            let mine = left.first.flatMap { $0.isSameObject(as: object) ? left.popFirst() : nil }
            let theirs = right.first.flatMap { $0.isSameObject(as: object) ? right.popFirst() : nil }
            compared += 1
            if let mine, let theirs, mine == theirs { continue }
            let change: Change = mine == nil ? .added : theirs == nil ? .missing : .changed
            entries.append(
                Entry(
                    change: change, key: object.key, first: mine?.definition, second: theirs?.definition,
                    excuse: rules.excuse(for: object.kind, identity: object.identity, change: change)))
        }
        self.entries = entries
        self.compared = compared
    }

    private static func lesser(_ left: CatalogObject?, _ right: CatalogObject?) -> CatalogObject? {
        guard let left, let right else { return left ?? right }
        return right < left ? right : left
    }
}

extension SchemaDifference {
    /// What counts between servers of these two versions.
    struct Rules {
        let first: Int
        let second: Int
        let tolerance: SchemaTolerance

        func excuse(for kind: CatalogKind, identity: String, change: Change) -> String? {
            if let excuse = tolerance.excuse(for: kind, identity: identity) { return excuse }
            guard first != second else { return nil }
            let versions = "PostgreSQL \(first) and \(second)"
            if kind.isAbsent(inOneOf: first, and: second) { return "only one of \(versions) keeps it" }
            if change == .changed, kind.isPrintedDifferently(by: first, and: second) {
                return "\(versions) may print it differently: not compared"
            }
            // PostgreSQL 17 made MAINTAIN a privilege, so "all" is one more there.
            if kind == .grant || kind == .defaultPrivilege, identity.hasSuffix(" MAINTAIN"),
                (first < 17) != (second < 17)
            {
                return "only one of \(versions) has the privilege"
            }
            return nil
        }
    }
}
