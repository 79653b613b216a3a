import Backups

/// What made the page, and from what.
struct PageFoot {
    let facts: FleetFacts
    let now: Timestamp

    var text: String {
        let broken = facts.collectors.filter { !$0.value.isSuccessful }.keys.sorted()
        let trouble = broken.isEmpty ? "" : "<p>Not up to date: \(HTML.escaped(broken.joined(separator: ", "))).</p>"
        return """
            \(trouble)<p><b>Would come back</b>: a restore of it was verified, and no objective is missed. \
            A time to restore on scratch is a lower bound.</p>
            <p>Restorable \(HTML.escaped(facts.program.version)), \(now) · <a href="/metrics">metrics</a> · \
            <a href="/api/v1/openapi.json">API</a></p>
            """
    }
}
