/// Why nothing bounds the rows of a table, or why what lies outside of its bounds is no proof.
package enum UnknownBound: Error, Sendable, Equatable, CustomStringConvertible {
    /// The backup's snapshot is not older than the count.
    case countedBeforeSnapshot
    case noSampleBeforeSnapshot
    case noSampleAfterCount
    case epochChanged
    case counterFell
    case tableReplaced
    case fileReplaced
    /// A sample between does not name the table.
    case notSampled
    /// Outside, but something may explain it.
    case doubtful(ClosedRange<UInt64>, CountingDoubt)

    package var description: String {
        switch self {
        case .countedBeforeSnapshot: "production was counted before the backup was made"
        case .noSampleBeforeSnapshot: "production's counters were not sampled before the backup was made"
        case .noSampleAfterCount: "production's counters were not sampled late enough after the count"
        case .epochChanged: "production's counters began anew since the backup (crash, failover or reset)"
        case .counterFell: "a counter of the table fell since the backup"
        case .tableReplaced: "the table was dropped and created anew since the backup"
        case .fileReplaced: "the table was truncated or rewritten since the backup"
        case .notSampled: "the table was not there, or not seen, in a sample of production's counters"
        case .doubtful(let bounds, let doubt): "\(BoundedTable.text(bounds)), but \(doubt)"
        }
    }
}
