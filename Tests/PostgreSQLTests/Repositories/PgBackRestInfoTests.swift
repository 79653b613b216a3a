import Backups
import Testing

@testable import PostgreSQL

/// What `pgbackrest info` says of a stanza that lies in several repositories.
@Suite struct PgBackRestInfoTests {
    private static func text(second: String) -> String {
        """
        [{"name": "main", "status": {"code": 4, "message": "different across repos"},
          "repo": [{"key": 1, "status": {"code": 0, "message": "ok"}}, {"key": 2, "status": \(second)}],
          "db": [{"id": 1, "repo-key": 1, "system-id": 7710916776246697365, "version": "14"},
                 {"id": 2, "repo-key": 1, "system-id": 7710916776246697366, "version": "15"},
                 {"id": 1, "repo-key": 2, "system-id": 7710916776246697366, "version": "15"}],
          "archive": [{"database": {"id": 1, "repo-key": 1}, "id": "14-1"}, {"database": {"id": 2, "repo-key": 1}, "id": "15-2"},
                      {"database": {"id": 1, "repo-key": 2}, "id": "15-1"}],
          "backup": [{"label": "20261122-041927F", "timestamp": {"start": 1795321167, "stop": 1795321170},
                      "info": {"size": 9, "repository": {"size": 5}}, "database": {"id": 1, "repo-key": 1}},
                     {"label": "20261123-041927F", "timestamp": {"start": 1795407567, "stop": 1795407570},
                      "info": {"size": 9, "repository": {"size": 5}}, "database": {"id": 1, "repo-key": 2}}]}]
        """
    }

    private func read(second: String) throws -> PgBackRestInfo {
        let address = try #require(RepositoryAddress("pgbackrest:main"))
        return try PgBackRestInfo.read(Array(Self.text(second: second).utf8), of: address)
    }

    /// Each repository counts its clusters for itself.
    @Test func archivesAreThoseOfTheClusterInEachRepository() throws {
        let info = try read(second: #"{"code": 0, "message": "ok"}"#)
        #expect(info.archives(of: nil).map(\.id) == ["15-2", "15-1"])
        #expect(info.archives(of: info.backups[0].place).map(\.id) == ["14-1"])
        #expect(info.archives(of: info.backups[1].place).map(\.id) == ["15-2", "15-1"])
        #expect(info.backups.map(\.major) == [14, 15])
        #expect(info.backups.flatMap(\.unseen) == [])
    }

    @Test func aRepositoryThatIsNotMountedIsTold() throws {
        let info = try read(second: #"{"code": 1, "message": "missing stanza path"}"#)
        #expect(info.backups[0].unseen == [#"repository 2 of pgBackRest, which says "missing stanza path" of it,"#])
        #expect(throws: Obstacle.self) { try read(second: #"{"code": 99, "message": "[PermissionError]"}"#) }
    }
}
