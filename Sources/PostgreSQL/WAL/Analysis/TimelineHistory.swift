package import Backups
import Integrity

/// Where a timeline comes from: the content of `00000003.history`.
///
/// A line for each timeline before it, with the position at which that one was left: `parentTLI <tab> switchpoint <tab>
/// reason`, in the order of the timelines; `#` begins a comment (PostgreSQL's `src/backend/access/transam/timeline.c`,
/// `readTimeLineHistory`).
package struct TimelineHistory: Sendable, Equatable {
    package struct Switch: Sendable, Equatable {
        /// The timeline that was left.
        package let timeline: UInt32
        /// Where: the first byte that is the next timeline's.
        package let position: WALPosition

        package init(timeline: UInt32, position: WALPosition) {
            self.timeline = timeline
            self.position = position
        }
    }

    package let timeline: UInt32
    /// Oldest first; empty for a timeline without a history.
    package let switches: [Switch]

    /// A timeline that none came before, as far as is known.
    package init(root timeline: UInt32) {
        self.timeline = timeline
        switches = []
    }

    /// - Parameter switches: oldest first.
    package init(timeline: UInt32, switches: [Switch]) {
        self.timeline = timeline
        self.switches = switches
    }

    /// - Throws: ``ContentDamage`` for what PostgreSQL would not read either.
    package init(timeline: UInt32, text: String) throws {
        var switches: [Switch] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            guard fields.count >= 2, let parent = UInt32(first), let position = WALPosition(fields[1]) else {
                throw Self.damage(timeline, "a line of it is not \"timeline position reason\"")
            }
            guard parent > switches.last?.timeline ?? 0, parent < timeline else {
                throw Self.damage(timeline, "its timelines are not in order")
            }
            switches.append(Switch(timeline: parent, position: position))
        }
        self.timeline = timeline
        self.switches = switches
    }

    package var parent: Switch? { switches.last }

    /// The timeline that the byte at `position` belongs to on the way here.
    package func timeline(at position: WALPosition) -> UInt32 {
        switches.first { position < $0.position }?.timeline ?? timeline
    }

    /// The timeline whose file of segment `number` holds all of it on the way here: recovery looks for the newest one
    /// first, and a new timeline begins with a copy of the segment that it branched off in (`XLogFileReadAnyTLI`,
    /// `XLogInitNewTimeline`).
    package func owner(of number: UInt64, _ size: WALSegmentSize) -> UInt32 {
        switches.first { number < size.number(at: $0.position) }?.timeline ?? timeline
    }

    private static func damage(_ timeline: UInt32, _ what: String) -> ContentDamage {
        ContentDamage("history", .corrupt, "\(WALSegmentName.digits(timeline)).history can't be followed: \(what)")
    }
}
