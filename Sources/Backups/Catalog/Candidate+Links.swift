extension [Catalog.Candidate] {
    /// Each file once, however many paths lead to it: under the one that says most of it, which is the file's own rather than a
    /// link's that may lead to another tomorrow.
    package var distinct: [Catalog.Candidate] {
        guard contains(where: { $0.entry.shared != nil }) else { return self }
        var places: [Int: Int] = [:]
        var distinct: [Catalog.Candidate] = []
        for candidate in self {
            guard let file = candidate.entry.shared?.number else {
                distinct.append(candidate)
                continue
            }
            if let place = places[file] {
                if candidate.saysMore(than: distinct[place]) { distinct[place] = candidate }
            } else {
                places[file] = distinct.count
                distinct.append(candidate)
            }
        }
        return distinct
    }
}

extension Catalog.Candidate {
    fileprivate func saysMore(than other: Self) -> Bool {
        let (mine, theirs) = (worth, other.worth)
        return mine == theirs ? entry.path < other.entry.path : theirs.lexicographicallyPrecedes(mine)
    }

    /// What counts more comes first.
    private var worth: [Int] {
        [entry.hasManifest, dataAsOf != nil, entry.shared?.isLink != true].map { $0 ? 1 : 0 }
    }
}
