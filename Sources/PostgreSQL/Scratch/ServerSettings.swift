/// Every setting of a scratch server, with its reason. They go on the command line, which `ALTER SYSTEM` and the
/// configuration file, both in reach of the code in a dump, can't override.
package struct ServerSettings: Sendable {
    package struct Setting: Sendable, Equatable {
        package let name: String
        package let value: String
        package let reason: String
    }

    package let settings: [Setting]

    /// - Parameters:
    ///   - major: of the server; a setting that it does not know would keep it from starting.
    ///   - socketDirectory: where its socket lies.
    package init(_ configuration: ScratchConfiguration, major: Int, socketDirectory: String) {
        var settings = Self.isolation(socketDirectory, configuration.preload, major)
        settings += Self.memory(configuration)
        settings += configuration.profile == .fast ? Self.fast : Self.durable
        settings += Self.common
        self.settings = settings
    }

    private init(_ settings: [Setting]) {
        self.settings = settings
    }

    /// With `others`, which win.
    package func adding(_ others: [Setting]) -> ServerSettings {
        let names = Set(others.map(\.name))
        return ServerSettings(settings.filter { !names.contains($0.name) } + others)
    }

    /// As arguments of `postgres`.
    package var arguments: [String] { settings.flatMap { ["-c", "\($0.name)=\($0.value)"] } }

    private static func isolation(_ socketDirectory: String, _ preload: [String], _ major: Int) -> [Setting] {
        var settings = [
            Setting(name: "listen_addresses", value: "", reason: "no TCP: only the socket leads here"),
            Setting(
                name: "unix_socket_directories", value: socketDirectory,
                reason: "in a directory of mode 0700 that belongs to the server's user"),
            Setting(name: "unix_socket_permissions", value: "0700", reason: "only that user, and root"),
            Setting(name: "port", value: "\(PostgreSQLDefaults.socketPort)", reason: "names the socket file only"),
            Setting(name: "archive_mode", value: "off", reason: "never writes into an archive of production"),
            Setting(
                name: "max_logical_replication_workers", value: "0",
                reason: "a restored subscription must not connect to production"),
            Setting(
                name: "shared_preload_libraries", value: preload.joined(separator: ","),
                reason: "only what was asked for"),
            Setting(name: "session_preload_libraries", value: "", reason: "only what was asked for"),
            Setting(name: "local_preload_libraries", value: "", reason: "only what was asked for"),
        ]
        if major >= 17 {
            settings.append(
                Setting(name: "event_triggers", value: "off", reason: "a dump's event triggers must not run in scratch")
            )
        }
        return settings
    }

    private static func memory(_ configuration: ScratchConfiguration) -> [Setting] {
        let mebibytes = Int(configuration.memory >> 20)
        let shared = min(1024, max(32, mebibytes / 4))
        let maintenance = min(64, max(16, mebibytes / 4 / max(1, configuration.jobs)))
        return [
            Setting(
                name: "shared_buffers", value: "\(shared)MB",
                reason: "a quarter of the memory; more than 1 GB made loads slower"),
            Setting(
                name: "maintenance_work_mem", value: "\(maintenance)MB",
                reason:
                    "runs that fit the processor's cache sort faster: an index of 8 million rows took 3.4 s with 64 MB, "
                    + "4.0 s with 128 MB, 5.9 s with 512 MB; and a foreign key is checked along two indexes instead of by a "
                    + "hash of millions of rows (1.6 s to 3.9 s)"),
            Setting(name: "huge_pages", value: "off", reason: "none may be left on a busy machine"),
            Setting(
                name: "dynamic_shared_memory_type", value: "mmap",
                reason: "in the data directory, so that it goes with it; /dev/shm would keep it after SIGKILL"),
            Setting(name: "max_parallel_workers", value: "0", reason: "the loader is parallel itself"),
            Setting(name: "max_parallel_maintenance_workers", value: "0", reason: "the loader is parallel itself"),
            Setting(
                name: "max_parallel_workers_per_gather", value: "0",
                reason: "plans are not to be chosen for workers that never come"),
            Setting(
                name: "random_page_cost", value: "1.1",
                reason: "what was just loaded is in memory, or on a solid state disk"),
            Setting(
                name: "max_locks_per_transaction", value: "256",
                reason: "dumps of many tables and large objects in one transaction"),
            Setting(name: "max_connections", value: "\(max(20, configuration.jobs * 2 + 10))", reason: "ours only"),
        ]
    }

    private static let fast = [
        Setting(name: "fsync", value: "off", reason: "scratch is thrown away, a crash ends it anyway"),
        Setting(name: "synchronous_commit", value: "off", reason: "nothing waits for a disk"),
        Setting(name: "full_page_writes", value: "off", reason: "no recovery, so no torn pages to mend"),
        Setting(
            name: "wal_level", value: "minimal", reason: "COPY into a table made in the same transaction writes no WAL"),
        Setting(name: "max_wal_senders", value: "0", reason: "minimal WAL wants it, and nobody replicates"),
        Setting(name: "max_wal_size", value: "8GB", reason: "checkpoints only cost during a load"),
        Setting(name: "checkpoint_timeout", value: "1d", reason: "checkpoints only cost during a load"),
        Setting(
            name: "bgwriter_lru_maxpages", value: "0",
            reason: "its writes are forced to the disk, and most of what it writes is never read again"),
        Setting(name: "autovacuum", value: "off", reason: "would compete with the load for tables and time"),
        Setting(name: "restart_after_crash", value: "off", reason: "a crashed server ends the run: no silent retry"),
    ]

    private static let durable = [
        Setting(name: "fsync", value: "on", reason: "as production"),
        Setting(name: "synchronous_commit", value: "on", reason: "as production"),
        Setting(name: "full_page_writes", value: "on", reason: "as production"),
        Setting(name: "wal_level", value: "replica", reason: "as production"),
        Setting(name: "max_wal_size", value: "1GB", reason: "PostgreSQL's default"),
        Setting(name: "autovacuum", value: "on", reason: "as production"),
        Setting(name: "restart_after_crash", value: "off", reason: "a crashed server ends the run: no silent retry"),
    ]

    private static let common = [
        Setting(name: "jit", value: "off", reason: "compiling costs more than it gains in checks that run once"),
        Setting(name: "lc_messages", value: "C", reason: "messages are parsed"),
        Setting(name: "logging_collector", value: "off", reason: "the warden takes the log"),
        Setting(name: "log_destination", value: "stderr", reason: "the warden takes the log"),
        Setting(
            name: "log_min_messages", value: "log",
            reason: "what ended a server is of interest; errors of statements go to their client"),
        Setting(name: "log_checkpoints", value: "off", reason: "keeps the log short"),
        Setting(name: "log_line_prefix", value: "%m [%p] ", reason: "lines are told apart by it"),
        Setting(name: "log_error_verbosity", value: "default", reason: "messages are parsed"),
        Setting(name: "log_timezone", value: "UTC", reason: "the same everywhere"),
        Setting(name: "timezone", value: "UTC", reason: "the same everywhere"),
        Setting(name: "ssl", value: "off", reason: "no network"),
        Setting(name: "cluster_name", value: "restorable", reason: "seen in ps"),
    ]
}
