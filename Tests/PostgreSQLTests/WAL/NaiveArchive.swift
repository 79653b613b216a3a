import Backups
import TestSupport

@testable import PostgreSQL

/// An archive made by chance, and what is missing from it as anyone would find it: segment by segment, byte by byte.
struct NaiveArchive {
    struct Standing {
        var missing: Set<WALSegmentName> = []
        var late: Set<WALSegmentName> = []
        var present: UInt64 = 0
        var end: WALPosition?
        var target: UInt32
    }

    private static let last: UInt64 = 30

    let histories: [UInt32: TimelineHistory]
    let index: WALArchiveIndex
    let lateAfter: UInt32
    private let stored: [WALSegmentName: UInt32]
    private var random: SeededGenerator

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var size = WALSegmentSize.usual
        if let other = WALSegmentSize(bytes: UInt64(1) << UInt64.random(in: 20...30, using: &random)) { size = other }
        lateAfter = UInt32.random(in: 0...100, using: &random)
        var histories: [UInt32: TimelineHistory] = [:]
        for timeline in UInt32(2)...4 where Bool.random(using: &random) {
            // Any earlier timeline may be the parent; its own history comes with it.
            let parent = UInt32.random(in: 1..<timeline, using: &random)
            var switches = histories[parent]?.switches ?? []
            let earliest = switches.last?.position.bytes ?? 0
            let place = UInt64.random(in: 0...Self.last, using: &random) * size.bytes
            let offset = Bool.random(using: &random) ? 0 : UInt64.random(in: 1..<size.bytes, using: &random)
            switches.append(.init(timeline: parent, position: WALPosition(bytes: max(earliest + 1, place + offset))))
            histories[timeline] = TimelineHistory(timeline: timeline, switches: switches)
        }
        self.histories = histories
        var index = WALArchiveIndex(size: size)
        var stored: [WALSegmentName: UInt32] = [:]
        let density = Double.random(in: 0.3...1, using: &random)
        for timeline in UInt32(1)...4 where Double.random(in: 0..<1, using: &random) < 0.7 {
            // A timeline has no segment from before it branched off.
            let branch = min(Self.last, (histories[timeline]?.parent?.position.bytes ?? 0) / size.bytes)
            for number in branch...Self.last where Double.random(in: 0..<1, using: &random) < density {
                let modified = UInt32.random(in: 0...120, using: &random)
                index.add(number, timeline: timeline, modified: modified)
                stored[WALSegmentName(timeline: timeline, number: number, size: size)] = modified
            }
            if Bool.random(using: &random) {
                index.addPartial(UInt64.random(in: 0...Self.last, using: &random), timeline: timeline)
            }
        }
        self.index = index
        self.stored = stored
        self.random = random
    }

    mutating func makeBase() -> BaseBackup {
        let start = UInt64.random(in: 0...Self.last, using: &random) * index.size.bytes + 0x28
        let length = UInt64.random(in: 1...(3 * index.size.bytes), using: &random)
        return BaseBackup(
            path: "base", origin: .location, timeline: UInt32.random(in: 1...4, using: &random),
            start: WALPosition(bytes: start), stop: WALPosition(bytes: start + length))
    }

    func names(_ missing: MissingSegments) -> [WALSegmentName] {
        var names = [missing.first]
        while let last = names.last, last != missing.last, let next = last.next(index.size) { names.append(next) }
        return names
    }

    func standing(_ base: BaseBackup) -> Standing {
        let known = Set(histories.keys).union(stored.keys.map(\.timeline))
        let target = known.filter { isReachable($0, base) }.max() ?? base.timeline
        let start = base.start.bytes / index.size.bytes
        let way = (start...max(start, Self.last)).map { number in
            let lastByte = WALPosition(bytes: (number + 1) * index.size.bytes - 1)
            return WALSegmentName(timeline: timeline(lastByte, on: target), number: number, size: index.size)
        }
        var standing = Standing(target: target)
        guard let newest = way.lastIndex(where: { stored[$0] != nil }) else { return standing }
        for (place, name) in way[...newest].enumerated() {
            if stored[name] != nil {
                standing.present += 1
                continue
            }
            let next = way[place...].first { stored[$0] != nil }
            if let next, let modified = stored[next], modified > lateAfter {
                standing.late.insert(name)
            } else {
                standing.missing.insert(name)
            }
        }
        let gap = way[...newest].firstIndex { stored[$0] == nil }
        let end = start + UInt64(gap ?? newest + 1)
        standing.end = WALPosition(bytes: end * index.size.bytes)
        if gap == 0 { standing.end = nil }
        if gap == nil, let closing = closing(end, target) { standing.end = closing }
        return standing
    }

    private func isReachable(_ timeline: UInt32, _ base: BaseBackup) -> Bool {
        timeline >= base.timeline && self.timeline(base.start, on: timeline) == base.timeline
            && self.timeline(base.lastNeeded, on: timeline) == base.timeline
    }

    private func timeline(_ position: WALPosition, on target: UInt32) -> UInt32 {
        var found = target
        for change in (histories[target]?.switches ?? []).reversed() where position < change.position {
            found = change.timeline
        }
        return found
    }

    /// The old timeline's own last segment, where nothing newer is there.
    private func closing(_ number: UInt64, _ target: UInt32) -> WALPosition? {
        var position: WALPosition?
        for change in histories[target]?.switches ?? [] where change.position.bytes / index.size.bytes == number {
            let name = WALSegmentName(timeline: change.timeline, number: number, size: index.size)
            if stored[name] != nil || index.partials.contains(name) { position = change.position }
        }
        return position
    }
}
