import Backups
import Scheduling
import Yams

extension DatabaseSettings {
    /// - Returns: `nil`, and problems, when what every database needs is missing.
    /// - Parameter zone: of the file, for databases without one.
    init?(_ reader: SectionReader, zone: TimeZoneRules) {
        let name = reader.required("name")
        if let name, name.ranges(of: Self.placeholder).count > 1 {
            reader.problems.add("\(reader.name(of: "name")) has {database} in it twice", at: reader.value("name"))
        }
        _ = reader.parsed("engine", as: "postgresql") { $0 == "postgresql" ? $0 : nil }
        let connection = ConnectionSettings.read(reader)
        let objectives = reader.section("objectives").map { ConfiguredObjectives($0) }
        let schedule = VerificationSchedule(reader, verifyEvery: objectives?.verifyEvery, zone: zone)
        let disk = reader.section("disk")
        let diskPath = disk?.parsed("path", as: "an absolute path") { $0.hasPrefix("/") ? $0 : nil }
        disk?.finish()
        let walArchive = reader.section("wal_archive").flatMap { WALArchiveSettings($0) }
        let drill = DrillSettings.read(
            in: reader, beside: schedule, rpo: objectives?.rpo, discovers: name?.contains(Self.placeholder) ?? false)
        let extensions = reader.section("extensions")
        let ignored = extensions?.strings("ignore") ?? []
        let preloaded = extensions?.strings("preload") ?? []
        extensions?.finish()
        let rows = reader.section("rows").map { RowSettings($0) }
        let freshness = reader.sections("freshness").compactMap { FreshnessSettings($0) }
        let queries = reader.sections("queries").compactMap { QuerySettings($0) }
        let allowEmpty = reader.parsed("allow_empty", as: "true or false") { Bool($0) }
        let backups = reader.section("backups").flatMap { BackupSettings($0, of: name ?? "") }
        if reader.value("backups") == nil {
            reader.problems.add("\(reader.name(of: "backups")) is missing: it needs a location", at: reader.node)
        }
        reader.finish()
        guard let name, let backups else { return nil }
        var inForce = objectives ?? ConfiguredObjectives()
        inForce.verifyEvery = inForce.verifyEvery ?? schedule.interval(backupEvery: inForce.backupEvery)
        self.init(
            name: name, connection: connection,
            secretVariables: References.variables(in: reader.value("connection")?.scalar?.string ?? ""),
            backups: backups, objectives: inForce,
            ignoredExtensions: ignored, preloadedLibraries: preloaded, rows: rows ?? RowSettings(),
            freshness: freshness, queries: queries, allowEmpty: allowEmpty ?? false, schedule: schedule,
            diskPath: diskPath, walArchive: walArchive, drill: drill)
    }
}

extension BackupSettings {
    /// - Parameter name: of the database; with `{database}` in it the pattern captures what that stands for.
    init?(_ reader: SectionReader, of name: String) {
        let location = reader.required("location")
        if let location, !reader.refuseSettings(in: location, of: "location"), !Self.isLocation(location) {
            reader.problems.add(
                "\(reader.name(of: "location")) must be a directory, s3://BUCKET/PREFIX, rclone:REMOTE:PATH, "
                    + "\(RepositoryAddress.forms), not \"\(reader.written("location"))\"", at: reader.value("location"))
        }
        let clock = reader.section("time").map { NameClock($0) } ?? NameClock()
        let match = Self.pattern(reader, of: name, clock)
        let minimumSize = reader.parsed("minimum_size", as: ByteSize.expectation) { ByteSize.parse($0) }
        let globals = reader.string("globals")
        _ = reader.refuseSettings(in: globals, of: "globals")
        let filter = reader.command("filter")
        if let location, let repository = RepositoryAddress(location) {
            for key in ["filter", "globals", "time"] where reader.value(key) != nil {
                reader.refuse(
                    key, "\(repository.title) keeps whole clusters and restores them itself: leave it out")
            }
        }
        reader.finish()
        guard let location else { return nil }
        self.init(
            location: location, match: match, clock: clock, minimumSize: minimumSize, globals: globals, filter: filter)
    }

    /// Whether its form is that of a location; whether anything is there is for others to say.
    fileprivate static func isLocation(_ text: String) -> Bool {
        if text.hasPrefix("s3://") { return text.dropFirst("s3://".count).prefix { $0 != "/" }.count >= 3 }
        if text.hasPrefix("rclone:") { return text.dropFirst("rclone:".count).dropFirst().contains(":") }
        if RepositoryAddress.isAddress(text) { return RepositoryAddress(text).map { $0.backup == nil } ?? false }
        return !text.contains("://")
    }

    private static func pattern(_ reader: SectionReader, of name: String, _ clock: NameClock) -> BackupPattern? {
        let discovers = name.contains(DatabaseSettings.placeholder)
        let key = reader.name(of: "match")
        guard let text = reader.string("match") else {
            if discovers {
                reader.problems.add("\(key) is missing: it says where {database} stands in a path", at: reader.node)
            }
            return nil
        }
        do {
            let pattern = try BackupPattern(text, database: discovers ? nil : name, zone: clock.zone)
            if discovers, !pattern.capturesDatabase {
                reader.problems.add(
                    "\(key) must say where {database} stands in a path, since the name is \(name)",
                    at: reader.value("match"))
            }
            if clock != NameClock(), !pattern.hasTime {
                reader.problems.add("\(reader.name(of: "time")) needs a {time:…} in match", at: reader.value("time"))
            }
            return pattern
        } catch {
            reader.refuse(
                "match", "it must be a pattern such as shop-{time:yyyyMMdd-HHmmss}.sql.gz, not \"\(text)\": \(error)")
            return nil
        }
    }
}

extension WALArchiveSettings {
    init?(_ reader: SectionReader) {
        let location = Self.place(reader, "location", reader.required("location"))
        let base = Self.place(reader, "base", reader.string("base"))
        if let base, RepositoryAddress.isAddress(base) {
            reader.refuse(
                "base", "the notes of a repository's backups lie in its archive, and are found there: leave it out")
        }
        let interval = reader.parsed("interval", as: DurationText.expectation) { text in
            DurationText.parse(text).flatMap { $0 >= .seconds(1) ? $0 : nil }
        }
        let grace = reader.parsed("grace", as: DurationText.expectation) { DurationText.parse($0) }
        let sweep = reader.parsed("sweep", as: DurationText.expectation) { DurationText.parse($0) }
        reader.finish()
        guard let location else { return nil }
        self.init(location: location, base: base)
        self.interval = interval ?? self.interval
        self.grace = grace ?? self.grace
        self.sweep = sweep ?? self.sweep
    }

    private static func place(_ reader: SectionReader, _ key: String, _ value: String?) -> String? {
        guard let value, !value.hasPrefix("/"), !reader.refuseSettings(in: value, of: key) else { return value }
        let isAddress = value.hasPrefix("s3://") || value.hasPrefix("rclone:") || RepositoryAddress.isAddress(value)
        if !isAddress || !BackupSettings.isLocation(value) {
            reader.problems.add(
                "\(reader.name(of: key)) must be a directory, from the root on, s3://BUCKET/PREFIX, rclone:REMOTE:PATH, "
                    + "\(RepositoryAddress.forms), not \"\(reader.written(key))\"", at: reader.value(key))
        }
        return value
    }
}

extension NameClock {
    init(_ reader: SectionReader) {
        self.init()
        if let name = reader.string("zone") {
            do {
                zone = try TimeZoneRules(named: name)
            } catch {
                reader.refuse("zone", "\(error)")
            }
        }
        means = reader.parsed("means", as: "start or end") { Meaning(rawValue: $0) } ?? means
        reader.finish()
    }
}

extension ConfiguredObjectives {
    init(_ reader: SectionReader) {
        func duration(_ key: String) -> Duration? {
            reader.parsed(key, as: DurationText.expectation) { DurationText.parse($0) }
        }
        self.init(
            backupEvery: duration("backup_every"), rpo: duration("rpo"), rto: duration("rto"),
            verifyEvery: duration("verify_every"), recoveryWindow: duration("recovery_window"),
            walLag: duration("wal_lag"))
        reader.finish()
    }
}

extension RowSettings {
    init(_ reader: SectionReader) {
        drift = reader.parsed("drift", as: Drift.expectation) { Drift.parse($0) }
        isBounded = reader.parsed("bounds", as: "true or false") { Bool($0) } ?? isBounded
        unbounded = Set(reader.parsedList("unbounded", as: TableName.expectation) { TableName(parsing: $0) })
        if let node = reader.value("minimum"),
            let tables = SectionReader(
                node, path: reader.name(of: "minimum"), problems: reader.problems, references: reader.references)
        {
            for (key, _) in node.mapping ?? [:] {
                guard let text = key.scalar?.string else { continue }
                let rows = tables.parsed(text, as: "a number of rows") { UInt64($0) }
                guard let table = TableName(parsing: text) else {
                    reader.problems.add("\(tables.name(of: text)): not \(TableName.expectation)", at: key)
                    continue
                }
                minimum[table] = rows
            }
            tables.finish()
        }
        reader.finish()
    }
}

extension FreshnessSettings {
    init?(_ reader: SectionReader) {
        let column = reader.required("column")
        _ = reader.required("table")
        let table = reader.parsed("table", as: TableName.expectation) { TableName(parsing: $0) }
        reader.finish()
        guard let table, let column else { return nil }
        self.init(table: table, column: column)
    }
}

extension QuerySettings {
    init?(_ reader: SectionReader) {
        let (name, sql) = (reader.required("name"), reader.required("sql"))
        reader.finish()
        guard let name, let sql else { return nil }
        self.init(name: name, sql: sql)
    }
}

extension SectionReader {
    /// An address of rclone may not bring settings of its remote along.
    /// - Returns: whether it does, and a problem was told.
    fileprivate func refuseSettings(in address: String?, of key: String) -> Bool {
        guard let address, RcloneAddress.holdsSettings(address) else { return false }
        problems.add("\(name(of: key)): \(RcloneAddress.refusal). \(RcloneAddress.hint)", at: value(key))
        return true
    }
}
