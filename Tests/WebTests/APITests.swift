import Backups
import Foundation
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@testable import Web

/// What the API answers, held against its own description.
@Suite struct APITests {
    private static func parsed(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func schema(_ name: String) throws -> [String: Any] {
        let document = try parsed(OpenAPIDescription.text)
        let components = try #require(document["components"] as? [String: Any])
        return try #require((components["schemas"] as? [String: Any])?[name] as? [String: Any])
    }

    /// What of `value` is not as `schema` has it: types, keys, choices.
    private static func flaws(_ value: Any, _ schema: [String: Any], at path: String = "") -> [String] {
        if let choices = schema["oneOf"] as? [[String: Any]] {
            let attempts = choices.map { flaws(value, $0, at: path) }
            return attempts.count { $0.isEmpty } == 1 ? [] : attempts.min { $0.count < $1.count } ?? []
        }
        let types = (schema["type"] as? [String]) ?? [(schema["type"] as? String) ?? ""]
        let type: String =
            switch value {
            case is NSNull: "null"
            case is String: "string"
            case is [Any]: "array"
            case is [String: Any]: "object"
            case let number as NSNumber:
                CFBooleanType.isBoolean(number)
                    ? "boolean"
                    : number.doubleValue.rounded() == number.doubleValue
                        ? "integer" : "number"
            default: "?"
            }
        guard types.contains(type) || (type == "integer" && types.contains("number")) else {
            return ["\(path) is \(type), not \(types)"]
        }
        if let choices = schema["enum"] as? [String], let text = value as? String, !choices.contains(text) {
            return ["\(path) is \(text)"]
        }
        if let items = schema["items"] as? [String: Any], let list = value as? [Any] {
            return list.flatMap { flaws($0, items, at: path + "[]") }
        }
        guard let members = value as? [String: Any], let properties = schema["properties"] as? [String: Any] else {
            return []
        }
        let required = Set((schema["required"] as? [String]) ?? [])
        let missing = required.subtracting(members.keys).map { "\(path).\($0) is missing" }
        let unknown = Set(members.keys).subtracting(properties.keys).map { "\(path).\($0) is not described" }
        return missing + unknown
            + members.flatMap { key, member in
                (properties[key] as? [String: Any]).map { flaws(member, $0, at: "\(path).\(key)") } ?? []
            }
    }

    private static func answer(
        _ target: String, method: String = "GET", source: SampleSource = SampleSource()
    ) async throws -> Answer {
        let pages = WebPages(source: source, isGuarded: true, now: SampleFleet.now)
        return try await pages.answer(to: Route.of(method: method, target: target), MetricsWish([:]))
    }

    private static func json(_ target: String, method: String = "GET") async throws -> [String: Any] {
        guard case .json(let text) = try await answer(target, method: method).body else { return [:] }
        return try parsed(text)
    }

    @Test func databasesAreAsDescribed() async throws {
        let databases = try #require(try await Self.json("/api/v1/databases")["databases"] as? [[String: Any]])
        #expect(databases.count == 6)
        let schema = try Self.schema("Database")
        for database in databases { #expect(Self.flaws(database, schema) == []) }
        let shop = try #require(databases.first { $0["name"] as? String == "shop" })
        #expect(shop["level"] as? String == "failed")
        #expect((shop["verification"] as? [String: Any])?["status"] as? String == "failed")
        #expect((shop["verification"] as? [String: Any])?["last_verification_id"] as? Int == 108)
        #expect(shop["data_at_risk_seconds"] as? Double == 74.1 * 3600)
        var broken = shop
        broken["level"] = "odd"
        broken["extra"] = 1
        broken["name"] = nil
        #expect(Self.flaws(broken, schema).count == 3)
    }

    @Test func runsAreAsDescribed() async throws {
        let answer = try await Self.json("/api/v1/verifications?limit=500")
        let all = try #require(answer["verifications"] as? [[String: Any]])
        #expect(answer["next_before"] is NSNull)
        let schema = try Self.schema("Run")
        for run in all { #expect(Self.flaws(run, schema) == []) }
        let ids = all.compactMap { $0["id"] as? Int }
        #expect(ids.count == 35 && Set(ids).count == 35)
        #expect(ids == ids.sorted(by: >))
        let two =
            try await Self.json("/api/v1/verifications?database=shop&limit=2")["verifications"] as? [[String: Any]]
        #expect(two?.compactMap { $0["id"] as? Int } == [108, 107])
        let one = try await Self.json("/api/v1/verifications/108")
        let verification = try Self.schema("Verification")
        #expect(Self.flaws(one, verification) == [])
        #expect((one["report"] as? [String: Any])?["verdict"] as? String == "failed")
    }

    /// One question for each page, however many databases there are; together the pages are the whole.
    @Test func pagesFollowEachOther() async throws {
        let paths = try #require(try Self.parsed(OpenAPIDescription.text)["paths"] as? [String: [String: Any]])
        let operation = try #require(paths["/api/v1/verifications"]?["get"] as? [String: Any])
        let content =
            (operation["responses"] as? [String: [String: Any]])?["200"]?["content"] as? [String: [String: Any]]
        let schema = try #require(content?["application/json"]?["schema"] as? [String: Any])
        var pages: [[Int]] = []
        var target = "/api/v1/verifications?limit=10"
        while pages.count < 10 {
            let source = SampleSource()
            guard case .json(let text) = try await Self.answer(target, source: source).body else { break }
            #expect(source.state.withLock { $0.questions } == 1)
            let page = try Self.parsed(text)
            #expect(Set(page.keys) == Set((schema["properties"] as? [String: Any] ?? [:]).keys))
            pages.append((page["verifications"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int })
            guard let next = page["next_before"] as? Int else { break }
            #expect(next == pages.last?.last)
            target = "/api/v1/verifications?limit=10&before=\(next)"
        }
        #expect(pages.map(\.count) == [10, 10, 10, 5])
        #expect(Set(pages.joined()).count == 35 && pages.flatMap(\.self) == pages.joined().sorted(by: >))
    }

    @Test func commandsAnswerAsDescribed() async throws {
        let shape = try Self.schema("Accepted")
        for command in ["verify", "drill"] {
            let accepted = try await Self.json("/api/v1/databases/shop/\(command)", method: "POST")
            #expect(Self.flaws(accepted, shape) == [] && accepted["after"] is NSNull)
        }
        let source = SampleSource()
        source.state.withLock { $0.answer = .acceptedAfter(.drill) }
        let queued = try await Self.answer("/api/v1/databases/shop/verify", method: "POST", source: source)
        guard case .json(let text) = queued.body else { throw TestFailure("it is no JSON") }
        #expect(try queued.status == .accepted && Self.flaws(Self.parsed(text), shape) == [])
        #expect(try Self.parsed(text)["after"] as? String == "drill")
        let unknown = try await Self.json("/api/v1/databases/none/verify", method: "POST")
        let problem = try Self.schema("Problem")
        #expect(Self.flaws(unknown, problem) == [])
    }

    /// Every path of the description is a route, and answers with a status that it names.
    @Test func everyDescribedPathIsThere() async throws {
        let paths = try #require(try Self.parsed(OpenAPIDescription.text)["paths"] as? [String: [String: Any]])
        #expect(paths.count == 9)
        for (path, operations) in paths {
            for (method, operation) in operations {
                let target = path.replacing("{id}", with: "108").replacing("{name}", with: "shop")
                let status = try await Self.answer(target, method: method.uppercased()).status.code
                let responses = (operation as? [String: Any])?["responses"] as? [String: Any]
                #expect(responses?["\(status)"] != nil, "\(method) \(path): \(status)")
            }
        }
    }
}

/// Foundation keeps truth values as numbers of a type of their own.
private enum CFBooleanType {
    static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || number === (true as NSNumber) || number === (false as NSNumber)
    }
}
