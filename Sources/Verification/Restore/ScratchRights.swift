import Backups
import Integrity
import PostgreSQL

/// Whether the role that restores is still what it was: a dump that takes its rights can't be judged by what failed after.
struct ScratchRights {
    let server: ScratchServer
    let plan: LoadPlan?
    let cancellation: Cancellation

    /// - Throws: ``Obstacle`` when the dump has taken something from the role. Says nothing of a server that is gone.
    func check() throws {
        guard !cancellation.isCancelled, let isKept = isSuperuser, !isKept else { return }
        let place = culprit.map { " (\($0))" } ?? ""
        throw Obstacle(
            .permissionDenied,
            "the dump takes its rights from \(server.superuser), the role that restores it\(place)",
            hint: "take the ALTER ROLE \(server.superuser) out of the dump: scratch is run by a role of that name")
    }

    /// `nil` when the server does not say.
    private var isSuperuser: Bool? {
        do {
            let found = try server.connect().query(
                "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user")
            return found.scalar == "t"
        } catch let obstacle as Obstacle where [.authenticationFailed, .permissionDenied].contains(obstacle.reason) {
            // It may not even log in any more, has another name, or may not set what our sessions set.
            return false
        } catch let error as PostgreSQLError where error.sqlstate == "42501" {
            // What a connection asks first is for superusers alone.
            return false
        } catch {
            return nil
        }
    }

    private var culprit: SourceLocation? {
        plan?.entries.first { entry in
            let head = String(decoding: (entry.text ?? []).prefix(200), as: UTF8.self).uppercased()
            return ["ALTER ROLE", "ALTER USER"].contains { head.contains($0) }
                && head.contains(server.superuser.uppercased())
        }?.location
    }
}
