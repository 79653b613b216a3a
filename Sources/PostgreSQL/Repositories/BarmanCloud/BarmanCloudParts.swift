/// The tars of one backup of barman-cloud: `data.tar`, and when that has become too large `data_0001.tar`, `data_0002.tar`, …; the same for
/// each tablespace, by its number; with `.gz`, `.bz2` or `.snappy` behind it (`CloudUploadController._build_dest_name` of
/// barman/cloud.py). `barman-cloud-restore` unpacks those that are there, and misses none.
struct BarmanCloudParts: Sendable, Equatable {
    /// Numbers of parts by what is before them, with the ending of one.
    private var numbers: [String: Set<Int>] = [:]
    private var endings: [String: String] = [:]

    /// - Parameter name: of an object below the backup; what is no tar is passed over.
    mutating func add(_ name: Substring) {
        guard let dot = name.firstIndex(of: "."), name[dot...].hasPrefix(".tar") else { return }
        let stem = name[..<dot]
        let (base, number) = Self.split(stem)
        guard base == "data" || base.allSatisfy({ $0.isASCII && $0.isNumber }) else { return }
        numbers[String(base), default: []].insert(number)
        endings[String(base)] = String(name[dot...])
    }

    /// Parts that are not there, and later ones are. The last part is missed by the server: it holds `backup_label`.
    var missing: [String] {
        numbers.flatMap { base, found in
            (0..<(found.max() ?? 0)).filter { !found.contains($0) }.prefix(20).map { name(base, $0) }
        }.sorted()
    }

    private func name(_ base: String, _ number: Int) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        return "\(base)\(number == 0 ? "" : "_\(padded)")\(endings[base] ?? ".tar")"
    }

    private static func split(_ stem: Substring) -> (base: Substring, number: Int) {
        guard let line = stem.lastIndex(of: "_") else { return (stem, 0) }
        let digits = stem[stem.index(after: line)...]
        // No store holds more.
        guard (4...6).contains(digits.utf8.count), let number = Int(digits), number > 0 else { return (stem, 0) }
        return (stem[..<line], number)
    }
}
