import Backups
import Integrity
import Logging
import PostgreSQL
import Processes

/// Starts the throw-away server that fits a backup.
struct ScratchStage {
    let options: RestoreOptions
    let cancellation: Cancellation
    let log: Logger

    func choose(for contents: DumpContents) throws -> InstallationChoice {
        try Installations.find(configured: options.postgresqlBin)
            .choose(forServerMajor: contents.header.serverMajor, toolMajor: contents.header.toolMajor)
    }

    /// - Parameters:
    ///   - bytes: of content that will be loaded: at least that much disk is needed.
    ///   - copied: bytes of the backup's copy, which lies on disk already.
    func start(_ choice: InstallationChoice, bytes: UInt64, copied: UInt64) throws -> ScratchServer {
        var configuration = configuration
        configuration.otherDisk = copied
        return try ScratchServer.start(
            configuration, installation: choice.server, diskEstimate: bytes, cancellation: cancellation, log: log)
    }

    var configuration: ScratchConfiguration {
        var configuration = ScratchConfiguration(
            maximumDisk: options.maximumDisk, jobs: options.jobs,
            profile: options.profile == .fast ? .fast : .durable, user: options.user, preload: options.preload,
            niceness: Int32(max(0, options.niceness - YieldingThread.niceness)))
        if let directory = options.directory { configuration.directory = directory }
        if let memory = options.memory { configuration.memory = memory }
        if let program = options.program { configuration.executable = program }
        return configuration
    }
}
