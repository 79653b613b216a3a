import Glibc
import TestSupport
import Testing

/// A machine with PostgreSQL 18 alone, somewhere: the built program finds it, and restores a dump of 15 with it.
///
/// Debian's own 15 is hidden from the program by a mount of its own.
@Suite(.serialized, .enabled(if: geteuid() == 0)) struct InstallationDiscoveryTests {
    /// Where the only PostgreSQL is told of.
    enum Place: CaseIterable, Sendable {
        case option, variable, pgConfig, links, wrappers
    }

    private static let programs = ["postgres", "initdb", "psql", "pg_restore", "pg_dump"]

    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    /// - Parameter path: before the system's own in `PATH`.
    private func verify(_ arguments: [String], path: String? = nil, environment: [String: String] = [:]) throws
        -> ToolResult
    {
        let base = [
            "PATH": (path.map { $0 + ":" } ?? "") + "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
        ]
        return try Tool.attempt(
            "/usr/bin/unshare",
            [
                "-m", "/bin/sh", "-c", "mount -t tmpfs none /usr/lib/postgresql && exec \"$@\"", "sh", Restorable.path,
                "verify", "--json", "--scratch-directory", RestoredShop.scratch,
            ] + arguments, environment: base.merging(environment) { $1 })
    }

    private func verify(_ backup: String, with place: Place) throws -> ToolResult {
        let bin = try TestInstallation.major(18).bin
        let folder = shop.directory.file("\(place)")
        try Tool.run("/bin/mkdir", ["-p", folder])
        switch place {
        case .option: return try verify(["--postgresql-bin", bin, backup])
        case .variable: return try verify([backup], environment: ["RESTORABLE_POSTGRESQL_BIN": "/nonexistent:\(bin)"])
        case .pgConfig: try wrap(["pg_config"], of: bin, in: folder)
        case .links: for name in Self.programs { try Tool.run("/bin/ln", ["-sf", "\(bin)/\(name)", folder]) }
        case .wrappers: try wrap(Self.programs, of: bin, in: folder)
        }
        return try verify([backup], path: folder)
    }

    private func wrap(_ names: [String], of bin: String, in folder: String) throws {
        for name in names {
            let file = "\(folder)/\(name)"
            try TestFile.write(Array("#!/bin/sh\nexec \(bin)/\(name) \"$@\"\n".utf8), to: file)
            try Tool.run("/bin/chmod", ["755", file])
        }
    }

    @Test(arguments: ["-Fp", "-Fc"]) func withoutItIsMissing(format: String) throws {
        let result = try verify([try shop.database.dump([format], to: shop.directory.file("shop\(format)"))])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"server-missing""#))
        #expect(result.outputText.contains("apt-get install postgresql-15"))
    }

    @Test(arguments: Place.allCases.map { ($0, "-Fp") } + [(.option, "-Fc"), (.wrappers, "-Fc")])
    func theNextNewerIsFoundAndRestores(place: Place, format: String) throws {
        let backup = try shop.database.dump([format], to: shop.directory.file("shop\(format)"))
        let result = try verify(backup, with: place)
        let text = result.outputText
        #expect(result.status == 0, "\(text) \(result.errorText)")
        #expect(text.contains(#""verdict":"verified""#))
        #expect(text.contains(#"{"name":"public.orders","dump_rows":500,"restored_rows":500"#))
        #expect(text.contains(#""postgresql":"18."#))
        #expect(
            text.contains("the dump is of PostgreSQL 15, which this machine lacks: it was restored into 18."), "\(text)"
        )
    }

    /// A column that 17 took away: what 18 says of it is not the backup's fault, and what to do is said.
    @Test(arguments: ["-Fp", "-Fc"])
    func whatTheNewerOneRefusesIsInconclusive(format: String) throws {
        try shop.database.run("CREATE VIEW checkpoints AS SELECT checkpoints_timed FROM pg_stat_bgwriter")
        let backup = try shop.database.dump([format], to: shop.directory.file("old\(format)"))
        let own = try RestoredShop.verify(["--json", backup])
        #expect(own.status == 0, "\(own.outputText)")
        #expect(!own.outputText.contains("the next newer"))
        let result = try verify(backup, with: .option)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"version-difference""#))
        #expect(result.outputText.contains("checkpoints_timed"))
        #expect(result.outputText.contains(#""hint":"install postgresql-15""#), "\(result.outputText)")
    }
}
