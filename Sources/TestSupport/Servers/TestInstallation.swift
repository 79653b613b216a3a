import Glibc

/// A PostgreSQL that tests run against. `scripts/setup` installs both.
package struct TestInstallation: Sendable, CustomStringConvertible {
    package let major: Int
    /// Where `postgres`, `initdb`, `pg_dump` and the others lie.
    package let bin: String

    /// Debian 12's own.
    package static let postgresql15 = TestInstallation(major: 15, bin: "/usr/lib/postgresql/15/bin")

    /// The second major version: under `RESTORABLE_TEST_POSTGRESQL_18`, or where `scripts/setup` puts it.
    package static let postgresql18 = TestInstallation(
        major: 18,
        bin: (getenv("RESTORABLE_TEST_POSTGRESQL_18").map { String(cString: $0) }
            ?? "/opt/restorable-test/postgresql-18") + "/bin")

    package static let all = [postgresql15, postgresql18]

    package var description: String { "PostgreSQL \(major)" }

    /// - Throws: ``TestFailure`` with what to do when it is not installed.
    package static func major(_ major: Int) throws -> TestInstallation {
        guard let installation = all.first(where: { $0.major == major }),
            access(installation.tool("postgres"), X_OK) == 0
        else { throw TestFailure("PostgreSQL \(major) is not installed: run scripts/setup") }
        return installation
    }

    /// A copy of PostgreSQL 18, which finds its own files wherever it lies.
    /// - Parameter directory: that everyone may read.
    package static func copied(in directory: TemporaryDirectory) throws -> TestInstallation {
        let copy = directory.file("postgresql")
        try Tool.shell(
            "cp -r --preserve=links \"$(dirname \"$1\")\" \"$2\" && chmod -R a+rX \"$2\"", [try major(18).bin, copy])
        return TestInstallation(major: 18, bin: "\(copy)/bin")
    }

    /// The same with one more extension in it.
    /// - Parameters:
    ///   - directory: that everyone may read.
    ///   - script: what `CREATE EXTENSION name` runs.
    package static func extended(in directory: TemporaryDirectory, with name: String, script: String) throws
        -> TestInstallation
    {
        let copy = try copied(in: directory)
        let share = try Tool.run(copy.tool("pg_config"), ["--sharedir"]).outputText.split(separator: "\n").first ?? ""
        let path = "\(share)/extension/\(name)"
        let control = "comment = 'of a test'\ndefault_version = '1.0'\nrelocatable = true\n"
        try TestFile.write(Array(control.utf8), to: "\(path).control")
        try TestFile.write(Array(script.utf8), to: "\(path)--1.0.sql")
        return copy
    }

    /// The path of one of its programs.
    package func tool(_ name: String) -> String { "\(bin)/\(name)" }
}
