/// Numbers as a row of bars, for the trend at a glance.
enum Sparkline {
    /// Unicode 15, block elements: one eighth to the whole.
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// A bar for each number, the least the lowest and the greatest the highest; numbers that are all equal stand in the
    /// middle. Infinities and what is no number have a blank.
    static func text(_ numbers: [Double]) -> String {
        let finite = numbers.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else {
            return String(repeating: " ", count: numbers.count)
        }
        return String(
            numbers.map { number -> Character in
                guard number.isFinite else { return " " }
                guard most > least else { return bars[3] }
                // Halves: the difference of two finite numbers may be infinite.
                let share = (number / 2 - least / 2) / (most / 2 - least / 2)
                return bars[min(bars.count - 1, Int(share * Double(bars.count)))]
            })
    }
}
