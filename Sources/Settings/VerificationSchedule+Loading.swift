import Backups
import Scheduling

extension VerificationSchedule {
    /// Reads `schedule`, `timezone`, `window`, `select`, `suspend` and `jitter` of a database; what it leaves out comes from
    /// `defaults`, the zone at the top of the file.
    init(_ reader: SectionReader, verifyEvery: Duration?, zone fallback: TimeZoneRules) {
        self.init()
        zone = Self.readZone(reader) ?? fallback
        let text = reader.string("schedule")
        do {
            trigger = try Self.trigger(schedule: text, verifyEvery: verifyEvery)
        } catch {
            if text == nil {
                reader.problems.add("\(reader.name(of: "objectives.verify_every")): \(error)", at: reader.node)
            } else {
                reader.refuse("schedule", "\(error)")
            }
        }
        window = reader.checked("window") { try DailyWindow($0) }
        isSuspended = reader.parsed("suspend", as: "true or false") { Bool($0) } ?? false
        jitter = reader.parsed("jitter", as: DurationText.expectation) { DurationText.parse($0) } ?? jitter
        if let select = reader.section("select") { selection = BackupSelection(select) }
    }

    /// `timezone` of a section.
    static func readZone(_ reader: SectionReader) -> TimeZoneRules? {
        reader.checked("timezone") { try TimeZoneRules(named: $0) }
    }
}

extension BackupSelection {
    fileprivate init(_ reader: SectionReader) {
        self.init()
        latest = reader.parsed("latest", as: "true or false") { Bool($0) } ?? latest
        randomOlder =
            reader.parsed("random_older", as: "a number from 0 to 1000") {
                Int($0).flatMap { (0...1000).contains($0) ? $0 : nil }
            } ?? randomOlder
        reader.finish()
    }
}

extension SectionReader {
    /// A scalar that `parse` understands, or says why not.
    func checked<Value>(_ key: String, _ parse: (String) throws -> Value) -> Value? {
        guard let text = string(key) else { return nil }
        do {
            return try parse(text)
        } catch {
            refuse(key, "\(error)")
            return nil
        }
    }
}
