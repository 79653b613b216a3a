/// The base backups that an archive is judged by: of each timeline that recovery ends on, the oldest that can be made consistent.
///
/// Ways to different timelines part, and never meet again: what the oldest does not lack on its way, none lacks that begins
/// later on the same one. After a recovery to a point in time the base backups of the branch that was left lead elsewhere than
/// those of the timeline that lives.
package enum JudgedBases {
    /// - Parameter bases: state, and timeline that recovery ends on, of each; in the order of their starts.
    /// - Returns: their places, those that lead to the newest timeline first. Empty where none can be made consistent.
    package static func places(
        _ bases: some Sequence<(state: WALArchiveReport.Base.State, target: UInt32)>
    ) -> [Int] {
        var oldest: [UInt32: Int] = [:]
        var incomplete: (target: UInt32, place: Int)?
        for (place, base) in bases.enumerated() {
            if base.state == .complete, oldest[base.target] == nil { oldest[base.target] = place }
            if base.state == .incomplete, base.target >= incomplete?.target ?? 0 { incomplete = (base.target, place) }
        }
        var places = oldest.sorted { $0.key > $1.key }.map(\.value)
        // What is to lead to a timeline newer than all these, and can't.
        if let newest = oldest.keys.max(), let incomplete, incomplete.target > newest {
            places.insert(incomplete.place, at: 0)
        }
        return places
    }
}

extension WALArchiveReport {
    /// What is missing counts from these on; those that lead to the newest timeline first.
    package var judgedBases: [Base] {
        JudgedBases.places(bases.map { (state: $0.state, target: $0.targetTimeline ?? $0.timeline) }).map { bases[$0] }
    }
}
