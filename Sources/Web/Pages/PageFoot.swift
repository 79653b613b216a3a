import Backups

/// What made the page, and from what.
struct PageFoot {
    let facts: FleetFacts
    let now: Timestamp

    var text: String {
        """
        <p><b>Would come back</b>: a restore of it was verified, and no objective is missed. \
        A time to restore on scratch is a lower bound.</p>
        <p>Restorable \(HTML.escaped(facts.program.version)), \(now) · <a href="/metrics">metrics</a> · \
        <a href="/api/v1/openapi.json">API</a></p>
        """
    }
}
