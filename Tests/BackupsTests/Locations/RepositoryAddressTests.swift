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
        #expect(address.repository.naming("x").description == "\(address.repository)/x")
    }

    /// Nothing in an address can be taken for an option, or leads out of its place.
    @Test(arguments: [
        "pgbackrest:", "pgbackrest:--repo1-path=/x", "pgbackrest:/etc/x.conf", "pgbackrest:main/..",
        "pgbackrest:main/a/b",
        "pgbackrest:a b", "barman:-c", "pgbackrest://host/x", "barman:x;y",
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
