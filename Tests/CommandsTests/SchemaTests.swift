import Foundation
import Settings
import TestSupport
import Testing

/// `restorable config schema`, held against a validator that is not ours.
@Suite struct SchemaTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Configurations, and whether they are right.
    private static let cases: [(text: String, isRight: Bool)] = [
        (Configuration.example, true),
        ("databases: [{name: a, backups: {location: /b}}]", true),
        ("databases: [{name: 42, backups: {location: /b}}]", true),
        ("web:\ndatabases: [{name: a, backups: {location: /b, minimum_size: 1024}}]", true),
        ("scratch: {jobs: '${env:HOME}'}\ndatabases: [{name: a, backups: {location: /b}}]", false),
        ("retention: 1h30m\ndatabases: [{name: a, backups: {location: /b}}]", false),
        ("retention: 3d\ndatabases: [{name: a, backups: {location: /b}, rows: {drift: 5, minimum: {t: 1}}}]", true),
        ("databases: [{nam: a, backups: {location: /b}}]", false),
        ("databases: [{name: a, backups: {locaton: /b}}]", false),
        ("databases: [{name: a}]", false),
        ("databases: [{name: a, backups: /b}]", false),
        ("databases: [{name: a, backups: {location: /b}, objectives: {rpo: 24}}]", false),
        ("databases: [{name: a, backups: {location: /b, minimum_size: 1.5GiB}}]", false),
        ("databases: [{name: a, engine: mysql, backups: {location: /b}}]", false),
        ("databases: [{name: a, suspend: yes, backups: {location: /b}}]", false),
        ("databases: [{name: a, backups: {location: /b}, select: {random_older: 1001}}]", false),
        ("databases: [{name: a, backups: {location: /b}, rows: {minimum: {public.users: many}}}]", false),
        ("databases: [{name: a, backups: {location: /b}, freshness: [{table: t}]}]", false),
        ("scratch: {profile: fats}\ndatabases: [{name: a, backups: {location: /b}}]", false),
        ("listen: 127.0.0.1:9988", false),
    ]

    /// What a schema can't know: what a reference stands for, and limits between units.
    private static let onlyTheReaderKnows: Set<Int> = [4, 5]

    @Test func theFileIsWhatTheCommandPrints() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../schema/restorable.schema.json").path
        let printed = try Restorable.run(["config", "schema"]).outputText
        #expect(
            try TestFile.text(file) == printed,
            "HINT: restorable config schema > schema/restorable.schema.json")
    }

    @Test func aValidatorAgreesWithTheReader() throws {
        let schema = try directory.write(Restorable.run(["config", "schema"]).outputText, to: "schema.json")
        let files = try Self.cases.enumerated().map { try directory.write($1.text, to: "\($0).yml") }
        // YAML 1.2 as editors read it: `yes` is no boolean.
        let script = """
            import json, re, sys, yaml, jsonschema
            yaml.SafeLoader.yaml_implicit_resolvers = {
                first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:bool"]
                for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
            yaml.SafeLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), "tf")
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft7Validator.check_schema(schema)
            for file in sys.argv[2:]:
                errors = list(jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(open(file))))
                print("right" if not errors else "wrong: " + " ".join(str(e.message) for e in errors)[:300].replace("\\n", " "))
            """
        let answers = try CheckerProgram.python(script, [schema] + files).outputText.split(separator: "\n")
        #expect(answers.count == Self.cases.count)
        for (index, (answer, expected)) in zip(answers, Self.cases).enumerated() {
            let check = try Restorable.run(["config", "check", files[index]])
            #expect((check.status == 0) == expected.isRight, "\(expected.text)\n\(check.errorText)")
            let isRight = expected.isRight || Self.onlyTheReaderKnows.contains(index)
            #expect((answer == "right") == isRight, "\(expected.text)\n\(answer)")
        }
    }

    @Test func aMisspeltKeyIsNamedByBoth() throws {
        let file = try directory.write("databases: [{nam: a, backups: {location: /b}}]", to: "bad.yml")
        let schema = try directory.write(Restorable.run(["config", "schema"]).outputText, to: "schema.json")
        let script = """
            import json, sys, yaml, jsonschema
            try:
                jsonschema.validate(yaml.safe_load(open(sys.argv[2])), json.load(open(sys.argv[1])), jsonschema.Draft7Validator)
            except jsonschema.ValidationError as error:
                print(list(error.absolute_path), error.message)
            """
        let answer = try CheckerProgram.python(script, [schema, file]).outputText
        #expect(answer.contains("'databases'"))
        #expect(answer.contains("'nam' was unexpected") || answer.contains("not valid under any"))
        #expect(try Restorable.run(["config", "check", file]).errorText.contains(#"did you mean "name"?"#))
    }
}
