import Foundation
import TestSupport

/// What `restorable verify --json` said of one backup, and how it ended.
struct RestoredReport: Decodable {
    struct Backup: Decodable {
        let format: String?
    }

    struct Check: Decodable {
        let name: String
        let verdict: String
        let reason: String?
        let message: String
        let details: [String]?
    }

    struct Table: Decodable {
        let name: String
        let dumpRows: Int?
        let restoredRows: Int?
    }

    struct Tool: Decodable {
        let postgresql: String?
    }

    let verdict: String
    let reason: String?
    let message: String
    let hint: String?
    let proof: String
    let content: String
    let backup: Backup
    let checks: [Check]
    let tables: [Table]
    let tool: Tool

    /// Runs the built program as a user would, with both majors' programs to choose from unless `bins` says otherwise.
    static func verify(
        _ path: String, _ options: [String] = [], bins: [TestInstallation] = [.postgresql15]
    ) throws -> RestoredReport {
        let arguments = ["verify", "--json", "--jobs", "2"] + bins.flatMap { ["--postgresql-bin", $0.bin] }
        let result = try TestSupport.Tool.attempt(
            TestSupport.Tool.builtProgram("restorable"), arguments + options + [path],
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(RestoredReport.self, from: Data(result.output)) else {
            throw TestFailure("status \(result.status): \(result.outputText)\n\(result.errorText)")
        }
        let statuses = ["verified": Int32(0), "failed": 1, "inconclusive": 2]
        guard statuses[report.verdict] == result.status else {
            throw TestFailure("\(report.verdict) with exit status \(result.status)")
        }
        return report
    }

    /// For messages of tests: the conclusion, and every check that is not verified.
    var failures: String {
        let checks = checks.filter { $0.verdict != "verified" }
        return "\(verdict) \(reason ?? "-"): \(message)\n"
            + checks.map { "\($0.name): \($0.message) \(($0.details ?? []).prefix(8))" }.joined(separator: "\n")
    }
}
