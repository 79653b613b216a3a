/// What a terminal shows of what was written to it: as much of ECMA-48 as `restorable` writes.
struct TerminalScreen {
    private(set) var lines: [String] = [""]
    /// Lines that were drawn and wiped away again.
    private(set) var wiped: [String] = []
    /// "Select Graphic Rendition" sequences.
    private(set) var colours = 0
    /// Control sequences that are not known here.
    private(set) var strangers: [String] = []

    init(_ text: String) {
        var scalars = text.unicodeScalars.makeIterator()
        var isAtStart = false
        while let scalar = scalars.next() {
            switch scalar {
            case "\r": isAtStart = true
            case "\n":
                lines.append("")
                isAtStart = false
            case "\u{1B}": takeSequence(&scalars, isAtStart)
            default:
                if isAtStart { lines[lines.count - 1] = "" }
                isAtStart = false
                lines[lines.count - 1].unicodeScalars.append(scalar)
            }
        }
    }

    private mutating func takeSequence(_ scalars: inout String.UnicodeScalarView.Iterator, _ isAtStart: Bool) {
        var sequence = ""
        while let scalar = scalars.next() {
            sequence.unicodeScalars.append(scalar)
            if scalar != "[", (0x40...0x7E).contains(scalar.value) { break }
        }
        if sequence == "[K", isAtStart {
            if let line = lines.last, !line.isEmpty { wiped.append(line) }
            lines[lines.count - 1] = ""
        } else if sequence.last == "m" {
            colours += 1
        } else {
            strangers.append(sequence)
        }
    }
}
