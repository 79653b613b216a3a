import ArgumentParser
import Foundation
import Testing

@testable import Commands

/// Every command line of ours that documentation, help or a hint of deployment names is one that the program takes.
@Suite struct DocumentedCommandsTests {
    struct Line: CustomStringConvertible {
        let place: String
        let arguments: [String]

        var description: String { "\(place): restorable \(arguments.joined(separator: " "))" }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL.path

    private static let subcommands = names(RestorableCommand.configuration)

    private static func names(_ configuration: CommandConfiguration) -> Set<String> {
        Set(configuration.subcommands.compactMap { $0.configuration.commandName })
    }

    /// The arguments of `restorable`, where a simple command runs it: by itself, by sudo, or in a container.
    private static func arguments(of words: [String]) -> [String]? {
        var words = words[...]
        if words.first == "$" { words = words.dropFirst() }
        if words.first == "sudo" { words = words.dropFirst(words.dropFirst().first == "-u" ? 3 : 1) }
        if let separator = words.firstIndex(of: "--"), words.first == "kubectl" { words = words[(separator + 1)...] }
        guard let program = words.first, program == "restorable" || program.hasSuffix("/restorable") else { return nil }
        return Array(words.dropFirst())
    }

    /// Command lines of a page of Markdown: lines of fenced blocks, and spans of code.
    private static func lines(ofPage path: String) throws -> [Line] {
        let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
        var isFenced = false
        var prose = ""
        var code: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if isFenced {
                code.append(String(line))
            } else {
                prose += line + "\n"
            }
        }
        code += prose.matches(of: /`([^`]+)`/).map { String($0.1).replacing("\n", with: " ") }
        return code.flatMap { ShellWords($0).commands }.compactMap(arguments).map { Line(place: path, arguments: $0) }
    }

    private static func pages() -> [String] {
        let names = FileManager.default.enumerator(atPath: root + "/docs")?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
            + ["README.md", "deploy/README.md"]
    }

    /// The examples in the help of each command.
    private static func help() -> [Line] {
        var all: [CommandConfiguration] = [RestorableCommand.configuration]
        for command in RestorableCommand.configuration.subcommands { all.append(command.configuration) }
        for command in ConfigCommand.configuration.subcommands { all.append(command.configuration) }
        return all.flatMap { configuration in
            configuration.discussion.split(separator: "\n").filter { $0.hasPrefix("  restorable ") }
                .flatMap { ShellWords(String($0)).commands }.compactMap(arguments)
                .map { Line(place: "the help of \(configuration.commandName ?? "")", arguments: $0) }
        }
    }

    /// `ExecStart=` of the unit, and `args:` of the manifests.
    private static func deployed() throws -> [Line] {
        let unit = try String(contentsOfFile: root + "/deploy/systemd/restorable.service", encoding: .utf8)
        let started = unit.matches(of: /(?m)^ExecStart=(.*)$/).map { String($0.1) }
        let lists = try ["deploy/kubernetes/base/deployment.yaml", "deploy/kubernetes/cronjob/cronjob.yaml"].flatMap {
            path in
            try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
                .matches(of: #/args:((?: *\[[^\]]*)|(?:\n +- .*)+)/#).map {
                    "restorable " + $0.1.replacing(#/[,\[]|\n +- /#, with: " ")
                }
        }
        return (started + lists).flatMap { ShellWords($0).commands }.compactMap(arguments)
            .map { Line(place: "deploy", arguments: $0) }
    }

    /// Why the program would refuse it; `nil` for one that it takes.
    private static func refusal(_ line: Line) -> String? {
        let arguments = line.arguments
        guard let first = arguments.first else { return nil }
        guard subcommands.contains(first) || first == "--version" || first == "--help" else {
            return "there is no \(first)"
        }
        // A mere name of a command, and one whose rest is left to the reader.
        if arguments.allSatisfy({ $0.allSatisfy(\.isLetter) && $0.first?.isLowercase == true }), arguments.count <= 2 {
            let isUnknown =
                arguments.count == 2 && first == "config" && !names(ConfigCommand.configuration).contains(arguments[1])
            return isUnknown ? "config has no \(arguments[1])" : nil
        }
        if arguments.contains(where: { $0.contains("…") }) { return nil }
        do {
            _ = try RestorableCommand.parseAsRoot(arguments.map { $0 == "ID" ? "1" : $0 })
            return nil
        } catch {
            return RestorableCommand.exitCode(for: error) == .success ? nil : RestorableCommand.message(for: error)
        }
    }

    @Test func everyOneIsTaken() throws {
        let documented = try Self.pages().flatMap(Self.lines)
        let (help, deployed) = (Self.help(), try Self.deployed())
        #expect(documented.count > 70)
        #expect(help.count > 20)
        #expect(deployed.count == 3)
        for line in documented + help + deployed {
            #expect(Self.refusal(line) == nil, "\(line)")
        }
    }

    @Test(arguments: [
        ["verifi", "x"], ["verify", "--config", "f", "--no-such"], ["config", "chek"], ["forget", "x", "--confg", "f"],
        ["verify", "--until", "yesterday", "x"],
    ])
    func aWrongOneIsSeen(arguments: [String]) {
        #expect(Self.refusal(Line(place: "here", arguments: arguments)) != nil)
    }

    @Test(arguments: [
        ("sudo -u restorable restorable gc # why", [["gc"]]),
        ("a && restorable rules --output 'x y' > z | sort", [["rules", "--output", "x y"]]),
        ("kubectl -n restorable exec deploy/restorable -- restorable config check f", [["config", "check", "f"]]),
        ("systemctl status restorable; journalctl -u restorable -n 50", []),
        ("curl -s 'http://h/?a=b&c=d'; restorable verify x 2>&1", [["verify", "x"]]),
    ])
    func commandsAreFoundInALine(line: String, expected: [[String]]) {
        #expect(ShellWords(line).commands.compactMap(Self.arguments) == expected)
    }
}
