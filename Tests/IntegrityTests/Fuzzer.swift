import Backups
import Glibc

/// The fuzzers, which share `RESTORABLE_FUZZ_SECONDS`: each goes on for its part of it, beyond the rounds that it always
/// makes.
enum Fuzzer: Hashable {
    case lexer
    case gzip
    /// zstd, xz, bzip2, lz4.
    case frames(Compression)
    case custom(Compression)
    case archiveInGzip
    case tar
    case directory(Compression)

    /// Those that there are. What reads most of all backups gets twice the time.
    private static let all: [Fuzzer: Double] = [
        .lexer: 2, .gzip: 2, .frames(.zstd): 1, .frames(.xz): 1, .frames(.bzip2): 1, .frames(.lz4): 1,
        .custom(.none): 1, .custom(.gzip): 1, .custom(.lz4): 1, .custom(.zstd): 1, .archiveInGzip: 1, .tar: 1,
        .directory(.none): 1, .directory(.gzip): 1,
    ]

    /// Begins its time.
    /// - Parameter parts: of so many, which are as long.
    func start(parts: Int = 1) -> Clock {
        guard let share = Self.all[self] else { preconditionFailure("\(self) has no share of the time") }
        let seconds = getenv("RESTORABLE_FUZZ_SECONDS").flatMap { Double(String(cString: $0)) } ?? 0
        let whole = Self.all.values.reduce(0, +)
        return Clock(end: .now + .seconds(seconds * share / whole / Double(parts)))
    }

    struct Clock {
        fileprivate let end: ContinuousClock.Instant

        var goesOn: Bool { .now < end }
    }
}
