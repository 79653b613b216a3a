import TestSupport
import Testing

/// Paths are the caller's, wherever the programs run that are started with them.
@Suite(.serialized) struct RelativePathsTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    private func verify(_ arguments: [String]) throws -> ToolResult {
        try Tool.attempt(
            "/bin/sh",
            [
                "-c", #"cd "$1" && shift && exec "$@""#, "sh", shop.directory.path, Restorable.path, "verify",
                "--scratch-directory", RestoredShop.scratch,
            ] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"])
    }

    @Test(arguments: [("shop.dump", "-Fc"), ("shop.dir", "-Fd"), ("shop.tar", "-Ft")])
    func archives(name: String, option: String) throws {
        try shop.database.dump([option], to: shop.directory.file(name))
        let result = try verify([name])
        #expect(result.status == 0, "\(result.outputText)")
    }

    @Test func aFilterFindsItsKeyBesideTheCaller() throws {
        try shop.database.dump([], to: shop.directory.file("shop.sql"))
        _ = try shop.directory.write("not a secret", to: "key")
        let result = try verify(["--filter", "test -f key && cat", "shop.sql"])
        #expect(result.status == 0, "\(result.outputText)")
    }
}
