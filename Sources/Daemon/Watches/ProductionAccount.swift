import Backups
import Logging
import PostgreSQL

/// What is known of one production server over many attempts to ask it, and what is worth a line in the log: a change,
/// never the same thing twice.
struct ProductionAccount: Sendable {
    struct Line: Sendable, Equatable {
        let level: Logger.Level
        let text: String
    }

    private(set) var facts = ProductionFacts(isUp: false)
    private var hasAnswered = false
    private var failure: String?
    private var gaps: [String] = []

    /// It answered.
    /// - Parameter gaps: what it would not say, a sentence each.
    mutating func answer(_ reading: ProductionReading, gaps: [String], at now: Timestamp) -> [Line] {
        facts.isUp = true
        facts.problem = nil
        facts.sampledAt = now
        facts.archiving = ArchivingFacts(reading)
        facts.databaseBytes = reading.databaseBytes
        var lines: [Line] = []
        if failure != nil {
            lines.append(Line(level: .notice, text: "production answers again"))
        } else if !hasAnswered {
            lines.append(Line(level: .info, text: "production answers"))
        }
        (hasAnswered, failure) = (true, nil)
        return lines + note(gaps)
    }

    /// It could not be asked: what it last said stays.
    mutating func fail(_ obstacle: Obstacle) -> [Line] {
        facts.isUp = false
        // Libpq explains itself over several lines.
        let message = obstacle.message.split { $0.isWhitespace }.joined(separator: " ")
        facts.problem = message
        let text = ["production can't be watched: \(message)", obstacle.hint].compactMap { $0 }.joined(separator: "; ")
        guard text != failure else { return [] }
        failure = text
        return [Line(level: .warning, text: text)]
    }

    /// What the file system of production's data has room for; `nil` where no path is configured.
    mutating func measure(_ disk: DiskFacts?) { facts.disk = disk }

    private mutating func note(_ gaps: [String]) -> [Line] {
        let new = gaps.filter { !self.gaps.contains($0) }
        self.gaps = gaps
        return new.map { Line(level: .warning, text: $0) }
    }
}
