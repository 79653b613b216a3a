package import Scheduling

/// `backups.time`: what the times in the names of backups mean.
package struct NameClock: Sendable, Equatable {
    package enum Meaning: String, Sendable, CaseIterable {
        /// When the backup was begun: the moment whose data it shows.
        case start
        /// When it was finished.
        case end
    }

    /// Whose clock they were read from.
    package var zone: TimeZoneRules
    package var means: Meaning

    package init(zone: TimeZoneRules = .utc, means: Meaning = .start) {
        self.zone = zone
        self.means = means
    }

    /// A part of a time, as it is written.
    enum Field: String, Sendable, CaseIterable {
        case year = "yyyy"
        case month = "MM"
        case day = "dd"
        case hour = "HH"
        case minute = "mm"
        case second = "ss"

        var width: Int { rawValue.utf8.count }

        /// What it may be; 60 is the leap second, which POSIX counts as the next one.
        var range: ClosedRange<Int64> {
            switch self {
            case .year: 1...9999
            case .month: 1...12
            case .day: 1...31
            case .hour: 0...23
            case .minute: 0...59
            case .second: 0...60
            }
        }
    }
}
