import CRevision

/// The commit that this program was built from: what `RESTORABLE_REVISION` said when it was built. A build that is told nothing
/// does not ask git: it would be another program after each commit.
enum BuildRevision {
    /// `unknown` where nobody said.
    static var current: String {
        let text = String(cString: restorable_revision())
        return text.isEmpty ? "unknown" : text
    }
}
