import ArgumentParser
import Backups
import Daemon
import Locations
import PostgreSQL
import Processes
import Settings
import Verification

/// The drill that the configuration asks for: base backup and target are chosen as the daemon chooses them.
struct ConfiguredDrill: Sendable {
    private let database: DatabaseSettings
    private let drill: DrillSettings
    private let archive: WALArchiveSettings
    private let scratch: Settings.ScratchSettings

    /// As `drill.deadline` has it, or its default.
    var deadline: Duration { drill.deadline(beside: scratch) }

    /// What there is to do.
    enum Wanted: Sendable {
        /// The note says why the target is another one than was asked for.
        case drill(DrillRequest, note: String?)
        /// Nothing can be drilled: the report says why.
        case nothing(VerificationReport)
    }

    /// - Parameters:
    ///   - path: of the configuration.
    ///   - name: of a database; `nil` where only one has drills.
    /// - Throws: `ValidationError`, or ``InvalidSettings``.
    init(_ path: String, _ name: String?) throws {
        let configuration = try Configuration.load(path: path)
        let databases = configuration.databases
        if let name {
            guard let found = databases.first(where: { $0.name == name }) else {
                throw ConfiguredDatabases.unknown(name, databases.map(\.name))
            }
            database = found
        } else {
            let drilled = databases.filter { $0.drill != nil }
            guard drilled.count == 1 else {
                throw ValidationError("name the database with --database: \(drilled.count) of \(path) have drills")
            }
            database = drilled[0]
        }
        guard let archive = database.walArchive, !database.discovers else {
            throw ValidationError(
                "\(database.name) has no wal_archive in \(path): a drill recovers from base backups and an archive")
        }
        self.archive = archive
        drill = database.drill ?? DrillSettings(beside: database.schedule)
        scratch = configuration.scratch
    }

    /// Looks at the catalog, and at the archive where a point of its window is to be chosen.
    /// - Parameter target: what the command line says; `nil` for what the configuration does.
    func wanted(
        _ target: DrillSettings.Target?, _ progress: any ProgressObserver, _ cancellation: Cancellation
    ) -> Wanted {
        let listed =
            ConfiguredBackups.of([database]).first ?? ConfiguredBackups(settings: database, found: .success([]))
        do {
            let backups = try listed.found.get().filter { !listed.unfinished.contains($0.identity) }
            guard !backups.isEmpty else { return .nothing(listed.noBackup()) }
            let wanted = target ?? drill.target
            var generator = SystemRandomNumberGenerator()
            let choice = try DrillChoice.choose(
                wanted, among: backups, in: wanted == .random ? try look(progress, cancellation) : nil,
                using: &generator)
            var request = try database.drillRequest(drill, choice, archive: archive.location, scratch: scratch)
            request.base.locations = KnownLocations.ofProcess
            return .drill(request, note: choice.note)
        } catch let obstacle as Obstacle {
            return .nothing(listed.unreadable(obstacle))
        } catch {
            return .nothing(listed.unreadable(Obstacle(.internalError, "\(error)")))
        }
    }

    /// What the daemon would know of the archive.
    private func look(_ progress: any ProgressObserver, _ cancellation: Cancellation) throws -> WALArchiveFacts {
        var options = WALArchiveCheck.Options()
        options.grace = archive.grace
        var configuration = ScratchConfiguration()
        configuration.directory = scratch.directory ?? configuration.directory
        configuration.user = scratch.user
        let bins = scratch.postgresqlBin
        let locations = KnownLocations.ofProcess
        let now = Timestamp.now()
        let report = try WALArchiveCheck(
            archive: try locations.archive(archive.location), bases: try archive.base.map(locations.archive),
            options: options, scratch: configuration, installations: { Installations.find(configured: bins) },
            now: now, progress: progress, cancellation: cancellation
        ).run()
        return WALArchiveFacts(report, at: now)
    }
}
