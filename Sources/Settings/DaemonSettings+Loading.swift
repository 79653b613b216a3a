import Backups

extension DaemonSettings {
    /// - Parameter reader: of the whole file: these keys stand at its top.
    init(_ reader: SectionReader) {
        self.init()
        listen = reader.parsed("listen", as: ListenAddress.expectation) { ListenAddress($0) } ?? listen
        let web = reader.section("web")
        webConfigFile = web?.string("config_file")
        web?.finish()
        history =
            reader.parsed("history", as: "the absolute path of a file", refusal: Self.shared) {
                $0.hasPrefix("/") ? $0 : nil
            } ?? history
        retention = Self.duration("retention", of: reader, least: .seconds(86_400)) ?? retention
        catalogInterval = Self.duration("catalog_interval", of: reader, least: .seconds(1)) ?? catalogInterval
        productionInterval = Self.duration("production_interval", of: reader, least: .seconds(1)) ?? productionInterval
        samplesInterval = Self.duration("samples_interval", of: reader, least: .seconds(1)) ?? samplesInterval
        concurrentVerifications =
            reader.parsed("concurrent_verifications", as: "a number from 1 to 64") {
                Int($0).flatMap { (1...64).contains($0) ? $0 : nil }
            } ?? concurrentVerifications
    }

    /// What is said of a history that several daemons would share.
    private static func shared(_ history: String) -> String? {
        let isPostgreSQL = ["postgresql:", "postgres:", "host=", "service=", "dbname="].contains {
            history.lowercased().hasPrefix($0)
        }
        return isPostgreSQL
            ? "a history in PostgreSQL, shared by several daemons, is not there yet; give each daemon a file of its own "
                + "(/var/lib/restorable/history.sqlite)" : nil
    }

    private static func duration(_ key: String, of reader: SectionReader, least: Duration) -> Duration? {
        let text = Quantity.duration(seconds: least.totalSeconds)
        return reader.parsed(key, as: "\(DurationText.expectation), at least \(text)") {
            DurationText.parse($0).flatMap { $0 >= least ? $0 : nil }
        }
    }
}
