extension JSONValue {
    /// The value on one line, as RFC 8259 has it; nothing but ASCII and the letters of the text itself.
    package var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .unsigned(let value): output += String(value)
        case .number(let value): output += Self.text(of: value)
        case .string(let value): Self.write(value, to: &output)
        case .array(let values):
            Self.list(values, "[", "]", to: &output) { $0.write(to: &$1) }
        case .object(let members):
            Self.list(members, "{", "}", to: &output) { member, output in
                Self.write(member.key, to: &output)
                output += ":"
                member.value.write(to: &output)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, to output: inout String,
        write: (Element, inout String) -> Void
    ) {
        output += open
        for (index, element) in elements.enumerated() {
            if index > 0 { output += "," }
            write(element, &output)
        }
        output += close
    }

    /// JSON has neither infinities nor NaN: they become `null`.
    private static func text(of value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isFinite ? "\(value)" : "null" }
        let thousandths = Int64((value * 1000).rounded())
        let (whole, rest) = (thousandths.magnitude / 1000, thousandths.magnitude % 1000)
        var text = (thousandths < 0 ? "-" : "") + String(whole)
        if rest > 0 {
            let digits = String(rest)
            var decimals = String(repeating: "0", count: 3 - digits.count) + digits
            while decimals.last == "0" { decimals.removeLast() }
            text += ".\(decimals)"
        }
        return text
    }

    /// Control characters are escaped, U+2028 and U+2029 too: the line stays one line for every reader of lines.
    private static func write(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _
            where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028
                || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
