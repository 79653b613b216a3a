import Foundation
import Processes
import TestSupport

/// Prometheus, scraping one daemon each second under the rules of `alerts/` with all their waiting taken out, and an
/// Alertmanager that hears of them. On loopback; both end with the test.
final class Monitoring {
    private let prometheus: ChildProcess
    private let alertmanager: ChildProcess
    let prometheusURL: String
    private let alertmanagerURL: String

    /// - Parameters:
    ///   - gatewayPath: where a Pushgateway has its metrics, whose series bring their own labels; `nil` for a daemon.
    ///   - user: `name:password`, where that is asked for.
    init(
        scraping address: String, gatewayPath: String? = nil, as user: String? = nil, in directory: TemporaryDirectory
    ) throws {
        let (port, alertPort) = (try FreePort.find(), try FreePort.find())
        prometheusURL = "http://127.0.0.1:\(port)"
        alertmanagerURL = "http://127.0.0.1:\(alertPort)"
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").path
        let rules = try TestFile.text("\(root)/alerts/restorable.rules.yml")
            .replacing(/(?m)^( +)(for|keep_firing_for): .*$/) { "\($0.output.1)\($0.output.2): 0s" }
        _ = try directory.write(rules, to: "rules.yml")
        let login = user?.split(separator: ":", maxSplits: 1) ?? []
        let authentication =
            login.count == 2 ? "basic_auth: { username: \"\(login[0])\", password: \"\(login[1])\" }" : ""
        _ = try directory.write(
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:\(alertPort)"] }] }] }
            scrape_configs:
              - job_name: restorable
                honor_labels: \(gatewayPath != nil)
                metrics_path: \(gatewayPath ?? "/metrics")
                static_configs: [{ targets: ["\(address)"] }]
                \(authentication)
            """, to: "prometheus.yml")
        _ = try directory.write(
            "route: { receiver: none, group_wait: 0s, group_interval: 1s }\nreceivers: [{ name: none }]\n",
            to: "alertmanager.yml")
        alertmanager = try ChildProcess.start(
            Command(
                MonitoringProgram.path("prometheus-alertmanager"),
                [
                    "--config.file=\(directory.file("alertmanager.yml"))", "--storage.path=\(directory.file("am"))",
                    "--web.listen-address=127.0.0.1:\(alertPort)", "--cluster.listen-address=",
                ], parentDeathSignal: .kill))
        prometheus = try ChildProcess.start(
            Command(
                MonitoringProgram.path("prometheus"),
                [
                    "--config.file=\(directory.file("prometheus.yml"))",
                    "--storage.tsdb.path=\(directory.file("tsdb"))",
                    "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
                    "--rules.alert.resend-delay=1s",
                ], parentDeathSignal: .kill))
    }

    deinit {
        prometheus.terminate()
        alertmanager.terminate()
    }

    /// Alerts that Alertmanager holds as active now, as `Name database`.
    func activeAlerts() throws -> Set<String> {
        struct Alert: Decodable {
            let labels: [String: String]
        }
        let text = try Tool.run(
            "curl", ["--silent", "--fail", "--max-time", "5", "\(alertmanagerURL)/api/v2/alerts?active=true"])
        let alerts = try JSONDecoder().decode([Alert].self, from: Data(text.output))
        return Set(
            alerts.map { alert in
                [alert.labels["alertname"], alert.labels["database"]].compactMap(\.self).joined(separator: " ")
            })
    }

    /// Waits until these alerts, as `Name database`, are active, and no other.
    func wait(for expected: Set<String>) throws {
        var seen: Set<String> = []
        do {
            try DaemonProcess.eventually("\(expected.sorted())") {
                seen = try activeAlerts()
                return seen == expected
            }
        } catch {
            throw TestFailure("\(error)\nbut active were \(seen.sorted())")
        }
    }

    /// How many series an expression gives.
    func count(_ expression: String) throws -> Int { try values(expression).count }
}
