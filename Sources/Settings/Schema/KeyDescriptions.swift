/// What an editor says of each key. A test holds the keys of these tables against those that the reader knows.
enum KeyDescriptions {
    /// - Parameter path: as in `databases[].backups.location`.
    /// - Returns: nothing for a key that is not described.
    static func text(of path: String) -> String { all[path] ?? "" }

    static let all: [String: String] = [file, scratch, database, backups, proof, drill]
        .reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }

    private static let file = [
        "listen":
            "Where the daemon answers HTTP: HOST:PORT, [IPV6]:PORT, or :PORT for every address. Default: 127.0.0.1:9988.",
        "web": "TLS and passwords of the daemon.",
        "web.config_file": "File in the format of the Prometheus exporter-toolkit.",
        "history": "SQLite file of the history, an absolute path. Default: /var/lib/restorable/history.sqlite.",
        "retention":
            "How long finished verifications are kept, but for the last one of each backup that is still there. Default: 400d.",
        "catalog_interval": "Between two looks at the locations. Default: 1m.",
        "production_interval": "Between two questions to production about archiving and size. Default: 30s.",
        "samples_interval":
            "Between two samples of production's counters, which bound the rows of backups. Default: 5m.",
        "concurrent_verifications": "Verifications that may run side by side. Default: 1.",
        "scratch": "Where and how the throw-away servers run.",
        "timezone": "Zone of schedules and windows, as Europe/Berlin. Default: UTC.",
        "databases": "What must be recoverable.",
    ]

    private static let scratch = [
        "scratch.directory": "Where scratch servers live; needs room for the restored database. An absolute path.",
        "scratch.memory": "Memory of a scratch server, as 1GiB.",
        "scratch.max_disk":
            "A restore that takes more disk than this, with the output of a filter, is ended, as 200GiB.",
        "scratch.max_content":
            "A backup that comes to more than this when it is decompressed is given up, as 512GiB. Default: 4TiB.",
        "scratch.jobs": "Connections that load and count side by side.",
        "scratch.user": "System user that scratch servers run as, when the program is started as root.",
        "scratch.profile":
            "fast: settings of a throw-away server. durable: settings like production's, for a realistic restore time.",
        "scratch.deadline": "A verification that takes longer is ended as inconclusive, as 6h. Default: 24h.",
        "scratch.nice": "Added to the niceness of what runs a restore, so that others go first.",
        "scratch.postgresql_bin": "bin directories of PostgreSQL installations to look in first.",
    ]

    private static let database = [
        "databases[].name":
            "Its name in metrics, alerts, pages and on the command line. With {database} in it the entry stands for as many "
            + "databases as its location holds backups of.",
        "databases[].engine": "Default: postgresql.",
        "databases[].connection":
            "libpq connection string of production, which is only read. No password here: password_file, service=, passfile=, or "
            + "password=${env:NAME}.",
        "databases[].password_file": "The first line of this file is the password of connection. An absolute path.",
        "databases[].objectives": "What is promised: alerts and verdicts are held against it.",
        "databases[].objectives.backup_every": "A backup is due this often.",
        "databases[].objectives.rpo": "Most data one may lose, as time.",
        "databases[].objectives.rto": "Longest restore.",
        "databases[].objectives.verify_every":
            "A verified restore is due this often. Default: 7d, or longer where the schedule pauses longer.",
        "databases[].objectives.recovery_window": "How far back one must be able to go.",
        "databases[].objectives.wal_lag": "Longest that a WAL segment may wait to be archived.",
        "databases[].schedule":
            "When backups are verified: a cron expression, or after_each_backup. Default: every objectives.verify_every.",
        "databases[].timezone": "Zone of schedule and window; else the one at the top of the file.",
        "databases[].window": "Verifications start only then, as \"22:00-06:00\".",
        "databases[].suspend": "Only what is asked for by hand is verified. Default: false.",
        "databases[].jitter": "Most that a start is put off to spread the load. Default: 15m.",
        "databases[].select": "Which backups a turn takes.",
        "databases[].select.latest": "The newest complete one. Default: true.",
        "databases[].select.random_older": "How many of the others. Default: 0.",
        "databases[].disk": "The file system that holds production's data.",
        "databases[].disk.path": "A directory on it, as seen from here. An absolute path.",
        "databases[].wal_archive": "Where production archives its write-ahead log.",
        "databases[].wal_archive.location":
            "A directory, s3://BUCKET/PREFIX or rclone:REMOTE:PATH, with everything below it; or a repository as pgbackrest:STANZA, "
            + "barman:SERVER, barman-cloud:s3://BUCKET/PREFIX/SERVER or command:/FILE.yml.",
        "databases[].wal_archive.base":
            "Where base backups lie, as location. Default: those count whose .backup files lie in the archive.",
        "databases[].wal_archive.interval": "Between two looks at it. Default: 5m.",
        "databases[].wal_archive.grace":
            "A hole is no gap as long as the segment behind it was stored more lately than this. Default: 10m.",
        "databases[].wal_archive.sweep":
            "Between two listings of all of it in object storage, which is asked for what is new in between. Default: 1h.",
        "databases[].allow_empty": "A dump without tables or rows is as it should be. Default: false.",
    ]

    private static let backups = [
        "databases[].backups": "Where its backups lie.",
        "databases[].backups.location":
            "A directory, s3://BUCKET/PREFIX, rclone:REMOTE:PATH, pgbackrest:STANZA, barman:SERVER, "
            + "barman-cloud:s3://BUCKET/PREFIX/SERVER or command:/FILE.yml.",
        "databases[].backups.match":
            "Which files are backups: * and ? within a name, ** over any depth, {database}, and {time:yyyyMMdd-HHmmss}, the "
            + "moment that a backup shows. "
            + "Default: every file of the location.",
        "databases[].backups.time": "What the time in the names of backups means.",
        "databases[].backups.time.zone": "The clock it was read from, as Europe/Berlin. Default: UTC.",
        "databases[].backups.time.means":
            "start: the moment whose data a backup shows. end: when it was finished. Default: start.",
        "databases[].backups.minimum_size": "A smaller backup is too small, as 1MiB.",
        "databases[].backups.globals": "File of pg_dumpall --globals-only, beside the backups.",
        "databases[].backups.filter":
            "Command that decrypts or unpacks a backup, from standard input to standard output: its words. No reference is "
            + "replaced in them.",
    ]

    private static let proof = [
        "databases[].extensions": "Extensions of scratch servers.",
        "databases[].extensions.ignore": "Go on without these when the machine lacks them.",
        "databases[].extensions.preload": "Libraries to preload, as timescaledb.",
        "databases[].rows": "How many rows a restored table must have.",
        "databases[].rows.drift": "How far production may have moved on since the backup: 0.1%, or a number of rows.",
        "databases[].rows.bounds": "Hold rows against what production counted since the backup. Default: true.",
        "databases[].rows.unbounded":
            "Tables that are emptied or left out of the dumps on purpose: public.import_staging.",
        "databases[].rows.minimum": "Least rows of tables: public.users: 1.",
        "databases[].freshness": "Columns whose newest value must not be older than objectives.rpo before the backup.",
        "databases[].freshness[].table": "TABLE or SCHEMA.TABLE.",
        "databases[].freshness[].column": "A column of a date or a time.",
        "databases[].queries": "Statements that must be true of the restored copy.",
        "databases[].queries[].name": "Its name in reports and metrics.",
        "databases[].queries[].sql": "Must return true.",
    ]

    private static let drill = [
        "databases[].drill":
            "Point-in-time recovery from base backups and wal_archive, tried out on a schedule.",
        "databases[].drill.schedule":
            "When drills are made: a cron expression, in the zone and the window of the database. Default: every drill.every.",
        "databases[].drill.every":
            "A verified drill is due this often. Default: 7d, or longer where the schedule pauses longer.",
        "databases[].drill.to":
            "How far a drill recovers: latest, immediate, random (another point of the recovery window each time), a time with "
            + "its zone, lsn:…, xid:… or name:…. Default: latest.",
        "databases[].drill.timeline":
            "The timeline that drills recover along: its number, where a copy that was promoted writes into the archive, too. Default: "
            + "latest.",
        "databases[].drill.queries": "Statements that must be true of the recovered copy.",
        "databases[].drill.queries[].name": "Its name in reports and metrics.",
        "databases[].drill.queries[].sql": "Must return true.",
        "databases[].drill.freshness":
            "Columns whose newest value must not be older than objectives.rpo before the last transaction.",
        "databases[].drill.freshness[].table": "TABLE or SCHEMA.TABLE.",
        "databases[].drill.freshness[].column": "A column of a date or a time.",
        "databases[].drill.database":
            "The database of the cluster that queries and freshness are asked in. Default: the only one that is not postgres.",
        "databases[].drill.deadline":
            "A drill that takes longer is ended as inconclusive, as 12h. Default: scratch.deadline, and without that 24h.",
        "databases[].drill.amcheck": "Read every table and index with pg_amcheck. Default: true.",
    ]
}
