/// Finds what a mistyped name was meant to be.
package enum NearestName {
    /// - Returns: the known name with the fewest changed letters, unless it is no nearer than any word would be.
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        let best = known.map { (name: $0, distance: distance(name.lowercased(), $0)) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let best, best.distance <= max(2, best.name.count / 2) else { return nil }
        return best.name
    }

    /// Levenshtein's distance, by rows.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        var row = Array(0...right.count)
        for (index, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let substitution = diagonal + (scalar == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
