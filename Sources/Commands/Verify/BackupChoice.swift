import Backups

/// Which backups of a database a one-shot run takes.
enum BackupChoice: Equatable {
    case latest
    case all
    /// The newest, and this many of the others. The same number gives the same ones, as long as the backups are the same.
    case sample(Int, seed: UInt64)

    /// - Parameters:
    ///   - backups: the oldest first.
    ///   - database: databases with the same seed do not take the same places.
    /// - Returns: the oldest first.
    func choose(from backups: [CatalogBackup], of database: String) -> [CatalogBackup] {
        switch self {
        case .latest: return backups.suffix(1)
        case .all: return backups
        case .sample(let count, let seed):
            var generator = SeededNumbers(seed: database.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
            let older = Set(backups.indices.dropLast().shuffled(using: &generator).prefix(count))
            return backups.indices.filter { older.contains($0) || $0 == backups.count - 1 }.map { backups[$0] }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed.
private struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
