import Foundation
import Testing

@testable import Web

/// Every address of the daemon that documentation asks with curl is one that it answers.
@Suite struct DocumentedRoutesTests {
    private static let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs")
        .standardizedFileURL.path

    private static func requests() throws -> [(method: String, target: String)] {
        let names = FileManager.default.enumerator(atPath: docs)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".md") }.sorted().flatMap { name in
            try String(contentsOfFile: "\(docs)/\(name)", encoding: .utf8)
                .matches(of: #/(-X POST )?'?http://127\.0\.0\.1:9988(/[^\s'"`|)]*)/#)
                .map { (method: $0.1 == nil ? "GET" : "POST", target: String($0.2).replacing("/ID", with: "/1")) }
        }
    }

    @Test func everyOneIsARoute() throws {
        let requests = try Self.requests()
        #expect(requests.count > 12)
        for (method, target) in requests {
            #expect(throws: Never.self, "\(method) \(target)") { try Route.of(method: method, target: target) }
        }
        #expect(throws: Route.Refusal.self) { try Route.of(method: "GET", target: "/api/v1/database") }
        #expect(throws: Route.Refusal.self) { try Route.of(method: "GET", target: "/-/reload") }
    }
}
