/// Rows of cells under one another, each column as wide as its widest cell.
struct AlignedTable {
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private var rows: [[String]] = []
    private let gap: String

    init(_ alignments: [Alignment], gap: String = "  ") {
        self.alignments = alignments
        self.gap = gap
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// The lines, without blanks at their ends.
    /// - Parameter decorate: colours one cell that is already padded: its row, its column, its text.
    func lines(decorate: (Int, Int, String) -> String = { $2 }) -> [String] {
        let widths = alignments.indices.map { column in
            rows.map { DisplayWidth.of($0[column]) }.max() ?? 0
        }
        return rows.enumerated().map { row, cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
                let isLast = column == cells.count - 1
                let padded =
                    switch alignments[column] {
                    case .left: isLast ? cell : cell + padding
                    case .right: padding + cell
                    }
                line += (column == 0 ? "" : gap) + decorate(row, column, padded)
            }
            return line
        }
    }
}
