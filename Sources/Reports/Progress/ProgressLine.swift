package import Backups

/// One line that says how far a stage is: `restore  ━━━━━───  62%  606 MiB of 978 MiB  71 MiB/s  5 s left`.
package struct ProgressLine: Sendable {
    private static let barWidth = 20

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

    /// At most `width` columns.
    package func text(width: Int) -> String {
        var parts = [stage.rawValue]
        if let share {
            let filled = Int(share * Double(Self.barWidth))
            parts.append(String(repeating: "━", count: filled) + String(repeating: "─", count: Self.barWidth - filled))
            parts.append("\(Int(share * 100))%")
        }
        if let total, total > 0 {
            parts.append("\(amount(min(completed, total))) of \(amount(total))")
        } else if completed > 0 {
            parts.append(amount(completed))
        }
        if elapsedSeconds >= 1, completed > 0 {
            parts.append("\(amount(UInt64(Double(completed) / elapsedSeconds)))/s")
        }
        parts.append(
            remaining.map { "\(Quantity.duration(seconds: $0.rounded(.up))) left" }
                ?? Quantity.duration(seconds: elapsedSeconds))
        return String(parts.joined(separator: "  ").prefix(max(0, width)))
    }

    private var share: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(completed) / Double(total))
    }

    /// Seconds to go at the average rate so far; `nil` before that means anything.
    private var remaining: Double? {
        guard let share, share > 0.01, elapsedSeconds >= 1 else { return nil }
        return elapsedSeconds / share * (1 - share)
    }

    private func amount(_ number: UInt64) -> String {
        switch unit {
        case .bytes: Quantity.bytes(number)
        case .rows: Quantity.count(number, "row")
        case .items: Quantity.count(number)
        }
    }
}
