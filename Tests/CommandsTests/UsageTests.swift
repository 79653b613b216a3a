import Backups
import Foundation
import Settings
import TestSupport
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["verify"], ["verify", "--latest"], ["verify", "--no-such-option", "x"], ["no-such-command"],
        ["verify", "x", "--until", "yesterday"], ["verify", "x", "--jobs", "0"], ["verify", "x", "--rpo", "24"],
        ["verify", "x", "--fresh", "t.c"], ["verify", "x", "--drift", "1%"], ["verify", "x", "--query", "select 1"],
        ["verify", "x", "y", "--manifest", "m"], ["verify", "-", "-"], ["verify", "x", "--config", "c"],
        ["config", "check"], ["verify", "x", "--log-level", "loud"], ["forget"], ["forget", "x"],
        ["wal"], ["wal", "x", "--grace", "5"], ["wal", "x", "--headers", "0"],
    ])
    func wrongUsageIs64(arguments: [String]) throws {
        let result = try Restorable.run(arguments)
        #expect(result.status == ExitStatus.usage.rawValue)
        #expect(result.outputText == "")
        #expect(result.errorText.contains("Usage:") || result.errorText.contains("Error:"))
    }

    @Test(arguments: [
        [], ["--help"], ["verify", "--help"], ["config", "--help"], ["config", "check", "--help"],
        ["version", "--help"], ["wal", "--help"],
        ["config", "example", "--help"], ["config", "schema", "--help"],
    ])
    func helpHasAnExampleAndTheExitStatus(arguments: [String]) throws {
        let result = try Restorable.run(arguments)
        #expect(result.status == 0)
        #expect(result.outputText.contains("Example"))
        #expect(result.outputText.contains("  restorable "))
        #expect(result.outputText.contains("78 wrong"))
        #expect(result.outputText.contains("1 at least one backup failed"))
    }

    @Test(arguments: [["backups"], ["history"], ["rules"], ["serve"]])
    func commandsThatJudgeNothingSayWhatTheirStatusMeans(arguments: [String]) throws {
        let result = try Restorable.run(arguments + ["--help"])
        #expect(result.status == 0)
        #expect(result.outputText.contains("Examples:\n  restorable \(arguments[0]) "))
        #expect(result.outputText.contains("Exit status: 0 "))
        #expect(result.outputText.contains("78 wrong"))
    }

    @Test func theVersionIsSaid() throws {
        let said = try Restorable.run(["version"]).outputText
        let pattern = /restorable (.+) \(revision (unknown|[0-9a-z-]{7,64})\)\n/
        let match = try #require(try pattern.wholeMatch(in: said))
        #expect(match.1 == ToolVersion.current)
        #expect(try Restorable.run(["--version"]).outputText == "\(ToolVersion.current)\n")
        #expect(
            try Restorable.run(["version", "--json"]).outputText
                == "{\"restorable\":\"\(ToolVersion.current)\",\"revision\":\"\(match.2)\"}\n")
    }

    /// What the manifest hands to the compiler is what the program says.
    @Test(arguments: [([], ""), (["-DRESTORABLE_REVISION=0123abc-dirty"], "0123abc-dirty")] as [([String], String)])
    func theRevisionIsWhatTheBuildWasTold(definition: [String], revision: String) throws {
        let directory = try TemporaryDirectory()
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/CRevision")
            .path
        let main = try directory.write(
            "#include <stdio.h>\n#include \"revision.h\"\nint main(void) { return puts(restorable_revision()) < 0; }\n",
            to: "main.c")
        let program = directory.file("revision")
        try Tool.run(
            "cc", definition + ["-I", sources + "/include", "-o", program, main, sources + "/revision.c"])
        #expect(try Tool.run(program, []).outputText == revision + "\n")
    }

    @Test func theExampleConfigurationChecks() throws {
        let directory = try TemporaryDirectory()
        let example = try Restorable.run(["config", "example"])
        #expect(example.outputText == Configuration.example)
        let file = try directory.write(example.outputText, to: "restorable.yml")
        let check = try Restorable.run(["config", "check", file])
        #expect(check.status == 0)
        #expect(check.outputText == "\(file): valid, 1 database\n")
    }

    @Test func aWrongConfigurationIs78() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("databases: [{nam: a, backups: {location: /b}}]", to: "bad.yml")
        for arguments in [["config", "check", file], ["verify", "--config", file]] {
            let result = try Restorable.run(arguments)
            #expect(result.status == ExitStatus.configuration.rawValue)
            #expect(
                result.errorText.contains("\(file):1:14: unknown key \"nam\" in databases[0]; did you mean \"name\"?"))
        }
        let json = try Restorable.run(["config", "check", "--json", file])
        #expect(json.status == ExitStatus.configuration.rawValue)
        #expect(json.outputText.contains(#""valid":false"#))
        let missing = try Restorable.run(["config", "check", "/nonexistent/x.yml"])
        #expect(missing.status == ExitStatus.configuration.rawValue)
    }
}
