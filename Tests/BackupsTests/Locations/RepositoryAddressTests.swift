import Backups
import Testing

@Suite struct RepositoryAddressTests {
    @Test(arguments: [
        ("pgbackrest:main", RepositoryAddress.Tool.pgbackrest, nil, "main", nil),
        (
            "pgbackrest:main/20261122-041927F_20261122-041933I", .pgbackrest, nil, "main",
            "20261122-041927F_20261122-041933I"
        ),
        ("barman:/etc/barman.conf:shop-1", .barman, "/etc/barman.conf", "shop-1", nil),
        ("barman:/a:b/c.conf:shop/20261122T044010", .barman, "/a:b/c.conf", "shop", "20261122T044010"),
        ("barman-cloud:s3://bucket/main", .barmanCloud, "s3://bucket", "main", nil),
        (
            "barman-cloud:s3://bucket/a/b/main/20261122T044010", .barmanCloud, "s3://bucket/a/b", "main",
            "20261122T044010"
        ),
        ("command:/etc/restorable/wal-g.yml", .command, "/etc/restorable/wal-g.yml", "wal-g", nil),
        ("command:/etc/a b/x.yml:base_0_D-1.2", .command, "/etc/a b/x.yml", "x", "base_0_D-1.2"),
    ])
    func addressesComeApart(
        text: String, tool: RepositoryAddress.Tool, configuration: String?, name: String, backup: String?
    ) throws {
        let address = try #require(RepositoryAddress(text))
        #expect(address.tool == tool)
        #expect(address.configuration == configuration)
        #expect(address.name == name)
        #expect(address.backup == backup)
        #expect(address.description == text)
        let between = tool == .command ? ":" : "/"
        #expect(address.repository.naming("x").description == "\(address.repository)\(between)x")
    }

    /// Nothing in an address can be taken for an option, or leads out of its place.
    @Test(arguments: [
        "pgbackrest:", "pgbackrest:--repo1-path=/x", "pgbackrest:/etc/x.conf", "pgbackrest:main/..",
        "pgbackrest:main/a/b",
        "pgbackrest:a b", "barman:-c", "pgbackrest://host/x", "barman:x;y",
        "barman-cloud:main", "barman-cloud:s3://bucket", "barman-cloud:s3://bucket/20261122T044010",
        "barman-cloud:s3://bucket//main",
        "barman-cloud:gs://bucket/main", "command:x.yml", "command:/", "command:/a.yml:", "command:/a.yml:-x",

    ])
    func othersAreNone(text: String) {
        #expect(RepositoryAddress(text) == nil)
        #expect(RepositoryAddress.isAddress(text))
    }

    @Test func pathsAreNone() {
        for text in ["/var/backups", "s3://bucket", "rclone:x:y", "pgbackrest"] {
            #expect(RepositoryAddress(text) == nil && !RepositoryAddress.isAddress(text))
        }
    }
}
