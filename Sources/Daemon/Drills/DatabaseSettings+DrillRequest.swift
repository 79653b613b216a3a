import Backups
import PostgreSQL
package import Settings
package import Verification

extension DatabaseSettings {
    /// What the configuration asks of one drill.
    /// - Parameter archive: address of the archive.
    /// - Throws: as ``request(for:scratch:)``.
    package func drillRequest(
        _ drill: DrillSettings, _ choice: DrillChoice, archive: String, scratch: Settings.ScratchSettings
    ) throws -> DrillRequest {
        // A copy of an earlier moment is not compared with production, nor with what is asked of the newest backup.
        var settings = self
        settings.connection = nil
        settings.backups.globals = nil
        settings.freshness = drill.freshness
        settings.queries = drill.queries
        var request = DrillRequest(base: try settings.request(for: choice.base, scratch: scratch), archive: archive)
        request.base.restore.deadline = drill.deadline(beside: scratch)
        request.base.proof.minimumRows = [:]
        request.grace = walArchive?.grace ?? request.grace
        request.target = choice.target
        request.timeline = drill.timeline
        request.database = drill.database
        request.looksForBrokenStructures = drill.looksForBrokenStructures
        return request
    }
}
