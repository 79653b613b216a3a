import Glibc

/// Prometheus and its companions, from where `scripts/setup` unpacks Debian's packages.
package enum MonitoringProgram {
    private static let directories = [
        (getenv("RESTORABLE_TEST_MONITORING").map { String(cString: $0) } ?? "/opt/restorable-test/monitoring")
            + "/usr/bin", "/usr/bin",
    ]

    /// - Throws: ``TestFailure`` with what to do when it is not there.
    package static func path(_ name: String) throws -> String {
        let places = directories.map { "\($0)/\(name)" }
        guard let path = places.first(where: { access($0, X_OK) == 0 }) else {
            throw TestFailure("\(name) is not installed: run scripts/setup")
        }
        return path
    }
}
