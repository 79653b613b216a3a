package import Backups
import Locations
import PostgreSQL
package import Settings
package import Verification

extension DatabaseSettings {
    /// What the configuration asks of one backup.
    /// - Throws: ``Obstacle`` for a connection that can't be used.
    package func request(for backup: CatalogBackup, scratch: Settings.ScratchSettings) throws -> VerificationRequest {
        var request = VerificationRequest(backup: backup.identity.path)
        request.locations = KnownLocations.ofProcess
        request.database = name
        request.namedTime = backup.dataAsOf
        request.knownCompletion = backup.completedAt == backup.identity.modified ? nil : backup.completedAt
        request.partsMayArriveUntil = backup.partsMayArriveUntil(at: .now())
        request.minimumSize = backups.minimumSize
        request.filter = backups.filter.isEmpty ? nil : backups.filter.map(Self.quoted).joined(separator: " ")
        request.withheldVariables = secretVariables
        request.globals = backups.globals.map { backups.address(ofGlobals: $0) }
        request.allowsEmpty = allowEmpty
        request.objectives = Objectives(rpo: objectives.rpo, rto: objectives.rto)
        request.restore = scratch.restoreOptions
        request.restore.ignoredExtensions = ignoredExtensions
        request.restore.preload = preloadedLibraries
        request.proof.against = try connection.map { try ConnectionParameters(production: $0) }
        request.proof.drift = rows.drift
        request.proof.freshness = freshness.map {
            ProofOptions.FreshnessRule(table: $0.table, column: $0.column)
        }
        request.proof.queries = queries.map { CustomQuery(name: $0.name, sql: $0.sql) }
        request.proof.minimumRows = rows.minimum
        return request
    }

    /// One word for a shell (POSIX.1-2017, Shell Command Language, 2.2.2).
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

extension Settings.ScratchSettings {
    fileprivate var restoreOptions: RestoreOptions {
        var options = RestoreOptions()
        options.jobs = jobs ?? options.jobs
        options.profile = profile ?? options.profile
        options.directory = directory
        options.memory = memory
        options.maximumDisk = maxDisk
        options.maximumContent = maxContent
        options.user = user
        options.deadline = deadline ?? Self.standardDeadline
        options.niceness = nice ?? 0
        options.postgresqlBin = postgresqlBin
        return options
    }
}
