import Processes
import TestSupport

/// Debian's Pushgateway on a free port of loopback.
final class StartedPushgateway {
    /// A path of its own: whoever else found the same port free is not taken for this one.
    let url: String
    let address: String
    let metricsPath: String
    private let child: ChildProcess

    init() throws {
        for _ in 0..<5 {
            let prefix = "/gateway-\(UInt64.random(in: 0...UInt64.max))"
            let address = "127.0.0.1:\(try FreePort.find())"
            let child = try ChildProcess.start(
                Command(
                    MonitoringProgram.path("prometheus-pushgateway"),
                    [
                        "--web.listen-address=\(address)", "--web.route-prefix=\(prefix)",
                        // By default Debian keeps what was pushed, for the next one that starts.
                        "--persistence.file=",
                    ], parentDeathSignal: .kill))
            var isReady = false
            try DaemonProcess.eventually("the Pushgateway answers, or ends") {
                isReady =
                    try Tool.attempt("curl", ["--silent", "--fail", "http://\(address)\(prefix)/-/ready"]).status == 0
                return isReady || child.wait(for: .zero) != nil
            }
            guard isReady else { continue }
            (self.address, self.child) = (address, child)
            url = "http://\(address)\(prefix)"
            metricsPath = "\(prefix)/metrics"
            return
        }
        throw TestFailure("the Pushgateway finds no port")
    }

    deinit { child.terminate() }

    func metrics() throws -> [String] {
        try Tool.run("curl", ["--silent", "--fail", url + "/metrics"]).outputText.split(separator: "\n").map(
            String.init)
    }
}
