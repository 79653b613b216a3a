import Backups
import Settings

/// What lies at one location, for many entries that each look for their own: those whose paths begin alike lie side by
/// side, and nobody's pattern is held against all of them.
struct ListingIndex {
    /// Fewer entries than this don't make up for the sorting.
    static let fewest = 16

    /// In the order of the bytes of their paths.
    private let entries: [LocationEntry]

    init(_ listing: LocationListing) {
        entries = listing.entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Those whose paths begin with `prefix`.
    func entries(beginningWith prefix: [UInt8]) -> ArraySlice<LocationEntry> {
        let start = partition(entries[...]) { $0.path.utf8.lexicographicallyPrecedes(prefix) }
        let end = partition(entries[start...]) { $0.path.utf8.starts(with: prefix) }
        return entries[start..<end]
    }

    /// The end of those that `belongs` holds for, all of which come first.
    private func partition(_ part: ArraySlice<LocationEntry>, _ belongs: (LocationEntry) -> Bool) -> Int {
        var (low, high) = (part.startIndex, part.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(part[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
