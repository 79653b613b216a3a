package import Backups

/// One line that says how far a stage is: `restore  ━━━━━───  62%  606 MiB of 978 MiB  71 MiB/s  5 s left`.
package struct ProgressLine: Sendable {
    private static let gap = "  "
    private static let widestBar = 20
    /// A narrower one shows nothing.
    private static let narrowestBar = 5

    package var stage: Stage
    package var completed: UInt64
    package var total: UInt64?
    package var unit: ProgressUnit
    /// Since the stage began.
    package var elapsedSeconds: Double

    package init(stage: Stage, completed: UInt64, total: UInt64?, unit: ProgressUnit, elapsedSeconds: Double) {
        self.stage = stage
        self.completed = completed
        self.total = total
        self.unit = unit
        self.elapsedSeconds = elapsedSeconds
    }

    /// At most `width` columns. Where not all of it fits, the bar goes first, and the time last.
    package func text(width: Int) -> String {
        let percent = share.map { "\(Int($0 * 100))%" }
        let parts = [
            [percent, amounts, rate, time], [percent, rate, time], [percent, time], [time],
        ].map { [stage.rawValue] + $0.compactMap(\.self) }
        let line = parts.map { $0.joined(separator: Self.gap) }.first { $0.count <= width }
        guard let line else { return String(parts[3].joined(separator: Self.gap).prefix(max(0, width))) }
        guard let share, line.count == parts[0].joined(separator: Self.gap).count else { return line }
        let room = min(Self.widestBar, width - line.count - Self.gap.count)
        guard room >= Self.narrowestBar else { return line }
        let filled = Int(share * Double(room))
        let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: room - filled)
        return ([stage.rawValue, bar] + parts[0].dropFirst()).joined(separator: Self.gap)
    }

    private var share: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(completed) / Double(total))
    }

    private var amounts: String? {
        guard let total, total > 0 else { return completed > 0 ? amount(completed) : nil }
        return "\(amount(min(completed, total))) of \(amount(total))"
    }

    private var rate: String? {
        guard elapsedSeconds >= 1, completed > 0 else { return nil }
        return "\(amount(UInt64(Double(completed) / elapsedSeconds)))/s"
    }

    /// What is left at the average rate so far, or what has passed where that means nothing.
    private var time: String {
        guard let share, share > 0.01, share < 1, elapsedSeconds >= 1 else { return seconds(elapsedSeconds) }
        return seconds((elapsedSeconds / share * (1 - share)).rounded(.up)) + " left"
    }

    /// Whole ones: tenths would only flicker.
    private func seconds(_ number: Double) -> String {
        number < 60 ? "\(Int(number)) s" : Quantity.duration(seconds: number)
    }

    private func amount(_ number: UInt64) -> String {
        switch unit {
        case .bytes: Quantity.bytes(number)
        case .rows: Quantity.count(number, "row")
        case .items: Quantity.count(number)
        }
    }
}
