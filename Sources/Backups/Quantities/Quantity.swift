/// Numbers in words for people. Rounded: never for machines.
package enum Quantity {
    /// `1,204,333`.
    package static func count(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 table`, `3 tables`, `0 tables`.
    package static func count(_ number: UInt64, _ singular: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `312 B`, `1.4 KiB`, `978 MiB`: three significant digits, powers of 1024.
    package static func bytes(_ number: UInt64) -> String {
        guard number >= 1024 else { return "\(number) B" }
        var value = Double(number)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while value >= 1023.5, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(decimal(value)) \(units[unit])"
    }

    /// `4 ms`, `3.4 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
    package static func duration(seconds: Double) -> String {
        guard seconds >= 0 else { return "-\(duration(seconds: -seconds))" }
        if seconds < 0.9995 { return "\(Int64((seconds * 1000).rounded())) ms" }
        if seconds < 59.95 { return "\(tenths(seconds)) s" }
        let whole = Int64(min(seconds, 1e15).rounded())
        if whole < 3600 { return pair(whole / 60, "min", whole % 60, "s") }
        if whole < 86_400 { return pair(whole / 3600, "h", whole / 60 % 60, "min") }
        return pair(whole / 86_400, "d", whole / 3600 % 24, "h")
    }

    private static func pair(_ major: Int64, _ majorUnit: String, _ minor: Int64, _ minorUnit: String)
        -> String
    {
        minor == 0 ? "\(major) \(majorUnit)" : "\(major) \(majorUnit) \(minor) \(minorUnit)"
    }

    private static func decimal(_ value: Double) -> String {
        value < 99.95 ? tenths(value) : "\(Int64(value.rounded()))"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return tenths % 10 == 0 && tenths >= 100 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
