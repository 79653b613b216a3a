import Backups

/// What is known of a database's WAL archive: the window that one can recover to, and a gap.
struct WALArchiveSection {
    let database: DatabaseFacts
    let now: Timestamp

    var text: String {
        guard let archive = database.walArchive else { return "" }
        let pairs: [(String, String?)] = [
            ("Archive", archive.isUp ? "can be listed" : "can't be listed"),
            ("Listed", archive.checkedAt.map { HTML.ago($0, now: now) }),
            ("Any moment from", archive.window.start.map(HTML.moment)),
            (archive.window.start == nil ? "Recoverable until" : "to", archive.window.end.map(HTML.moment)),
            ("Times unknown", archive.window.unknown.map(HTML.escaped)),
            ("Missing segments", archive.missingSegments.map { Quantity.count($0) }),
            ("First of them", archive.firstMissing.map { HTML.escaped($0.text) }),
            ("Newest segment", archive.newestSegment.map(HTML.escaped)),
        ]
        let items = pairs.compactMap { name, value in value.map { "<dt>\(name)</dt><dd>\($0)</dd>" } }
        return "<h2>WAL archive</h2>\n<dl class=\"pairs\">\(items.joined(separator: "\n"))</dl>"
    }
}
