/// What one check, or a whole verification, says about a backup.
///
/// `verified` only when it was proved, `failed` only when the backup itself is at fault, `inconclusive` for all else:
/// then the reason says what stood in the way.
package enum Verdict: String, Codable, Sendable, CaseIterable {
    case verified
    case failed
    case inconclusive

    /// The verdict of a whole from the verdicts of its parts: one failure fails it, one inconclusive part keeps it from
    /// being verified, and nothing at all proves nothing.
    package static func combining(_ parts: some Sequence<Verdict>) -> Verdict {
        var combined: Verdict?
        for part in parts {
            switch (combined, part) {
            case (_, .failed): return .failed
            case (.inconclusive, _), (_, .inconclusive): combined = .inconclusive
            default: combined = .verified
            }
        }
        return combined ?? .inconclusive
    }
}
