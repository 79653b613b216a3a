import Backups

/// In which order segments are searched for the newest commit: one after the other from the newest on, and in ever longer
/// steps where many hold none.
struct CommitSearch {
    /// So many are unpacked one after the other.
    var most = 32

    /// - Parameters:
    ///   - count: of segments.
    ///   - look: into the segment that lies so many before the newest; whether it had to be unpacked for it.
    /// - Returns: the newest commit; where more than ``most`` segments at the end hold none, one that may be followed by
    ///   others. `nil` where none was found.
    func newest(
        among count: UInt64, _ look: (UInt64) throws -> (time: Timestamp?, isUnpacked: Bool)
    ) rethrows -> Timestamp? {
        var place: UInt64 = 0
        if let found = try first(from: &place, below: count, look) { return found }
        var (searched, step) = (place, UInt64(1))
        while place < count {
            if let found = try look(place).time {
                // Those that were stepped over are newer.
                return try first(from: &searched, below: place, look) ?? found
            }
            searched = place + 1
            place = searched == count ? count : min(place + step, count - 1)
            step *= 2
        }
        return nil
    }

    /// - Parameter place: where to begin; then where to go on.
    private func first(
        from place: inout UInt64, below end: UInt64, _ look: (UInt64) throws -> (time: Timestamp?, isUnpacked: Bool)
    ) rethrows -> Timestamp? {
        var left = most
        while place < end, left > 0 {
            let (time, isUnpacked) = try look(place)
            if let time { return time }
            if isUnpacked { left -= 1 }
            place += 1
        }
        return nil
    }
}
