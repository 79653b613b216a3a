/// Positions of restored sequences against those of a manifest.
///
/// A sequence has no snapshot: one that moved while the dump ran may stand anywhere between the two positions of the
/// manifest, and only outside of them is the backup wrong.
package enum SequenceParity {
    package static let name = "sequences"

    package static func compare(_ expected: [Manifest.Sequence], restored: [TableName: SequencePosition]) -> Check {
        guard !expected.isEmpty else {
            return .verified(name, in: .schema, "there are no sequences to compare")
        }
        var differences: [String] = []
        for sequence in expected {
            guard let found = restored[sequence.name] else {
                differences.append("\(sequence.name): missing from the restored database")
                continue
            }
            if !isBetween(sequence, found) {
                let range =
                    sequence.before == sequence.after
                    ? "\(sequence.before)" : "between \(sequence.before) and \(sequence.after)"
                differences.append("\(sequence.name): \(range) expected, \(found) restored")
            }
        }
        let sequences = Quantity.count(UInt64(expected.count), "sequence")
        guard differences.isEmpty else {
            return .failed(
                name, in: .schema, .schemaDiffers,
                "\(differences.count) of \(sequences) stand elsewhere than the manifest says",
                details: RowParity.bounded(differences))
        }
        return .verified(
            name, in: .schema, "\(sequences) \(expected.count == 1 ? "stands" : "stand") where the manifest says")
    }

    private static func isBetween(_ sequence: Manifest.Sequence, _ found: SequencePosition) -> Bool {
        if found == sequence.before || found == sequence.after { return true }
        guard sequence.before != sequence.after else { return false }
        let low = min(sequence.before.lastValue, sequence.after.lastValue)
        let high = max(sequence.before.lastValue, sequence.after.lastValue)
        return (low...high).contains(found.lastValue)
    }
}
