import Backups

/// Text and small pieces of HTML.
enum HTML {
    /// Text made safe to stand in elements and in quoted attributes (WHATWG HTML, "Escaping a string"). Control characters
    /// and those that turn the direction of what follows are shown, not sent: names come from backups and file systems.
    static func escaped(_ text: String) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case _ where scalar.properties.generalCategory == .control || turnsDirection(scalar):
                output += "\\u{\(String(scalar.value, radix: 16))}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Of several lines: each escaped, the ends of lines kept.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
            .joined(separator: "\n")
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            || [0x200E, 0x200F, 0x061C, 0x2028, 0x2029].contains(scalar.value)
    }

    /// `2026-11-20 02:00 UTC`.
    static func moment(_ time: Timestamp) -> String {
        let text = time.description
        return "<time datetime=\"\(text)\">\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC</time>"
    }

    /// `3 h 20 min ago`.
    static func ago(_ time: Timestamp, now: Timestamp) -> String {
        "<time datetime=\"\(time)\">\(Quantity.duration(seconds: now.age(of: time).rounded())) ago</time>"
    }

    /// A quantity that no end of a line tears from its unit.
    static func unbroken(_ quantity: String) -> String { quantity.replacing(" ", with: "\u{A0}") }

    /// `in 3 h 20 min`, or `due` when it has passed.
    static func ahead(_ time: Timestamp, now: Timestamp) -> String {
        let seconds = time.seconds(since: now).rounded()
        return "<time datetime=\"\(time)\">"
            + (seconds <= 0 ? "due" : "in \(Quantity.duration(seconds: seconds))") + "</time>"
    }

    static func mark(_ verdict: Verdict) -> String {
        let sign =
            switch verdict {
            case .verified: "✓"
            case .failed: "✗"
            case .inconclusive: "?"
            }
        return
            "<span class=\"mark \(verdict.rawValue)\"><span aria-hidden=\"true\">\(sign)</span> \(verdict.rawValue)</span>"
    }

    static func table(_ caption: String, _ headings: [String], _ rows: [String], numbers: Set<Int> = []) -> String {
        let cells = headings.enumerated().map { index, heading in
            "<th scope=\"col\"\(numbers.contains(index) ? " class=\"number\"" : "")>\(heading)</th>"
        }
        let rows = rows.map { labelled($0, headings) }
        return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(caption)\"><table><thead><tr>"
            + cells.joined() + "</tr></thead>\n<tbody>" + rows.joined(separator: "\n") + "</tbody></table></div>"
    }

    /// Each cell with the heading of its column: a phone has no room for columns, and shows it beside the value.
    private static func labelled(_ row: String, _ headings: [String]) -> String {
        var remaining = headings[...]
        return row.replacing(/<td/) { _ in "<td data-label=\"\(remaining.popFirst() ?? "")\"" }
    }

    static func link(database name: String) -> String {
        "<a href=\"/databases/\(PercentEncoding.encoded(name))\">\(escaped(name))</a>"
    }

    static func number(_ value: UInt64?) -> String {
        "<td class=\"number\">\(value.map { Quantity.count($0) } ?? "–")</td>"
    }
}
