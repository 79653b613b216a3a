import Foundation
import TestSupport

/// What `drill --json` says of time, read as somebody's script would.
struct DrillReport: Decodable {
    struct Objective: Decodable {
        let objective_seconds: Double?
        /// Of the recovery.
        let measured_seconds: Double?
        /// Of what would be lost.
        let achievable_seconds: Double?
        let met: Bool?
    }

    struct Drill: Decodable {
        let replay_seconds: Double
        let promote_seconds: Double
    }

    let verdict: String
    let rto: Objective
    let rpo: Objective
    let drill: Drill

    init(_ result: ToolResult) throws {
        self = try JSONDecoder().decode(DrillReport.self, from: Data(result.output))
    }
}
