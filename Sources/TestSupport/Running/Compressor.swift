package import Backups

/// The command line tools that people compress dumps with.
package enum Compressor: String, CaseIterable, Sendable, CustomStringConvertible {
    case gzip, pigz, igzip, zstd, xz, bzip2, lz4

    package var description: String { rawValue }

    package var compression: Compression {
        switch self {
        case .gzip, .pigz, .igzip: .gzip
        case .zstd: .zstd
        case .xz: .xz
        case .bzip2: .bzip2
        case .lz4: .lz4
        }
    }

    package var suffix: String {
        switch self {
        case .gzip, .pigz, .igzip: "gz"
        case .zstd: "zst"
        case .xz: "xz"
        case .bzip2: "bz2"
        case .lz4: "lz4"
        }
    }

    /// Compresses the file at `path` to `path` + suffix, or to `output`, and keeps the original.
    /// - Parameter options: for the tool, as `-9`, `--no-check`.
    /// - Returns: the path of what was written.
    @discardableResult
    package func compress(_ path: String, to output: String? = nil, options: [String] = []) throws -> String {
        let output = output ?? "\(path).\(suffix)"
        // igzip and gzip write the name and time of a file they open; from standard input the result is the same each time.
        try Tool.run(rawValue, ["-c"] + options, input: path, output: output)
        return output
    }
}
