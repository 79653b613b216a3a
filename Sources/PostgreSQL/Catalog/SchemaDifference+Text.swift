package import Backups

extension SchemaDifference.Entry {
    /// `- …` what is lost, `+ …` what is new, `~ …` what changed with both definitions below each other.
    package var lines: [String] {
        let text = { (definition: String?) in definition.map { $0.isEmpty ? "" : ": \($0.escapingControl())" } ?? "" }
        let note = excuse.map { " (\($0))" } ?? ""
        let key = key.escapingControl()
        switch change {
        case .missing: return ["- \(key)\(text(first))\(note)"]
        case .added: return ["+ \(key)\(text(second))\(note)"]
        case .changed:
            guard first != nil || second != nil else { return ["~ \(key)\(note)"] }
            return [
                "~ \(key)\(note)", "    - \(first?.escapingControl() ?? "?")",
                "    + \(second?.escapingControl() ?? "?")",
            ]
        }
    }
}

extension SchemaDifference {
    /// Lines of a diff that a check carries at most.
    static let lineLimit = 200

    /// The diff of what counts, then of what is excused.
    package var lines: [String] {
        let all = counting.flatMap(\.lines) + excused.flatMap(\.lines)
        guard all.count > Self.lineLimit else { return all }
        return all.prefix(Self.lineLimit) + ["… and \(all.count - Self.lineLimit) more lines"]
    }

    /// How serious it is that something differs.
    package enum Meaning: Sendable {
        /// The first side is what was there when the backup was made: a difference is the backup's fault.
        case exact
        /// The first side is a live database that may have been changed since: a difference is a question.
        case live
    }

    /// The check `schema`.
    package func check(_ name: String = "schema", against reference: String, meaning: Meaning) -> Check {
        let objects = Quantity.count(UInt64(compared), "object")
        guard counting.isEmpty else {
            let message = "\(counting.count) of \(objects) differ from \(reference)"
            switch meaning {
            case .exact: return .failed(name, in: .schema, .schemaDiffers, message, details: lines)
            case .live:
                return .inconclusive(
                    name, in: .schema, .schemaDiffers, message,
                    hint: "The live database may have been changed since the backup; if it was not, the backup lacks "
                        + "what the diff shows.",
                    details: lines)
            }
        }
        guard compared > 0 else {
            return .inconclusive(name, in: .schema, .empty, "there is nothing to compare with \(reference)")
        }
        let notes = excused.isEmpty ? "" : "; \(excused.count) known differences do not count"
        return .verified(name, in: .schema, "\(objects) as in \(reference)\(notes)", details: lines)
    }
}
