import Foundation
import TestSupport

/// Holds what a daemon answers against the description that it gives of itself, with a validator that is not ours.
struct APIDescription {
    private static let script = """
        import json, sys
        import jsonschema

        document, *pairs = sys.argv[1:]
        document = json.load(open(document))
        schemas = document["components"]["schemas"]
        described, seen = set(), set()

        def variants(schema):
            if "$ref" in schema:
                return variants(schemas[schema["$ref"].rpartition("/")[2]])
            return [one for part in schema["oneOf"] for one in variants(part)] if "oneOf" in schema else [schema]

        def describe(schema, path):
            for one in variants(schema):
                if "items" in one:
                    describe(one["items"], path + "[]")
                for key, member in one.get("properties", {}).items():
                    described.add(f"{path}.{key}")
                    describe(member, f"{path}.{key}")

        def see(value, path):
            if isinstance(value, list):
                for item in value:
                    see(item, path + "[]")
            elif isinstance(value, dict):
                for key, member in value.items():
                    if member is not None:
                        seen.add(f"{path}.{key}")
                    see(member, f"{path}.{key}")

        for path, file in zip(pairs[::2], pairs[1::2]):
            answer = json.load(open(file))
            schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            schema = {**schema, "components": document["components"]}
            jsonschema.Draft202012Validator.check_schema(schema)
            for error in jsonschema.Draft202012Validator(schema).iter_errors(answer):
                print("wrong", path, error.json_path, error.message[:200].replace("\\n", " "))
            describe(schema, path)
            see(answer, path)
        for name in sorted(described - seen):
            print("unseen", name)
        """

    /// What is not as described (`wrong …`), and which fields no answer had a value for (`unseen …`).
    /// - Parameter answers: by the path of the description.
    static func flaws(
        _ daemon: DaemonProcess, _ targets: [(path: String, target: String)], in directory: TemporaryDirectory
    )
        throws -> [String]
    {
        var arguments = [try directory.write(daemon.get("/api/v1/openapi.json"), to: "openapi.json")]
        for (index, (path, target)) in targets.enumerated() {
            arguments += [path, try directory.write(daemon.get(target), to: "answer-\(index).json")]
        }
        return try CheckerProgram.python(script, arguments).outputText.split(separator: "\n").map(String.init)
    }
}
