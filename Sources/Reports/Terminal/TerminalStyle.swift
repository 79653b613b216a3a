import Backups

/// Whether and how text for people is coloured (ECMA-48 "Select Graphic Rendition").
package enum TerminalStyle: Sendable {
    case plain
    case coloured

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func dim(_ text: String) -> String { wrapped(text, "2") }

    func verdict(_ text: String, _ verdict: Verdict) -> String {
        switch verdict {
        case .verified: wrapped(text, "32")
        case .failed: wrapped(text, "1;31")
        case .inconclusive: wrapped(text, "33")
        }
    }

    /// Letters on the verdict's colour, for the one line that counts.
    func badge(_ text: String, _ verdict: Verdict) -> String {
        if self == .plain { return text + " " }
        return switch verdict {
        case .verified: wrapped(" \(text) ", "1;97;42")
        case .failed: wrapped(" \(text) ", "1;97;41")
        case .inconclusive: wrapped(" \(text) ", "1;30;43")
        }
    }

    private func wrapped(_ text: String, _ code: String) -> String {
        self == .plain ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
