import Backups

extension ScratchSettings {
    init(_ reader: SectionReader) {
        directory = reader.parsed("directory", as: "an absolute path") { $0.hasPrefix("/") ? $0 : nil }
        memory = reader.parsed("memory", as: ByteSize.expectation) { ByteSize.parse($0) }
        maxDisk = reader.parsed("max_disk", as: ByteSize.expectation) { ByteSize.parse($0) }
        maxContent = reader.parsed("max_content", as: ByteSize.expectation) { ByteSize.parse($0) }
        jobs = reader.parsed("jobs", as: "a number from 1 to 64") {
            Int($0).flatMap { (1...64).contains($0) ? $0 : nil }
        }
        user = reader.string("user")
        profile = reader.parsed("profile", as: "fast or durable") { RestoreFacts.Profile(rawValue: $0) }
        deadline = reader.parsed("deadline", as: DurationText.expectation) { DurationText.parse($0) }
        nice = reader.parsed("nice", as: "a number from 0 to 19") {
            Int($0).flatMap { (0...19).contains($0) ? $0 : nil }
        }
        postgresqlBin = reader.strings("postgresql_bin")
        reader.finish()
    }
}
