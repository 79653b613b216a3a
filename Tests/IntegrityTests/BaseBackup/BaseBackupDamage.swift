import Backups
import Glibc
import TestSupport

/// One thing that goes wrong with the files of a base backup, plain or unpacked from its tars.
enum BaseBackupDamage: String, CaseIterable, Sendable {
    case extraFile, missingFile, altered, appended, truncated, emptied, missingTablespaceFile, alteredManifest,
        cutManifest
    case cutVersion, alteredControl, missingControl, alteredWAL, cutWAL, missingWAL, noWAL

    /// What ours says first.
    var reasons: Set<Reason> {
        switch self {
        case .extraFile: [.extraFile]
        case .missingFile, .missingTablespaceFile, .missingControl, .missingWAL: [.missingFile]
        case .altered, .alteredManifest, .alteredControl: [.checksumMismatch]
        case .appended: [.sizeMismatch]
        case .truncated, .emptied, .cutManifest, .cutVersion, .cutWAL: [.truncated]
        case .alteredWAL: [.corrupt]
        case .noWAL: [.noWAL]
        }
    }

    /// The manifest has no checksums of the log, and `pg_verifybackup` looks into none that lies in a tar.
    var isOfWAL: Bool { [.alteredWAL, .cutWAL, .missingWAL, .noWAL].contains(self) }

    /// - Parameters:
    ///   - data: the data directory.
    ///   - wal: the directory of segments.
    ///   - manifest: the path of the manifest.
    ///   - needed: the byte of the log at which what the backup needs begins.
    func apply(data: String, wal: String, manifest: String, needed: UInt64) throws {
        let victim = "\(data)/global/1262"
        let segment = try Self.segment(in: wal, at: needed)
        switch self {
        case .extraFile: try TestFile.write([1], to: "\(data)/base/1/stranger")
        case .missingFile: unlink(victim)
        case .altered: try Damage.flipBit(77_777).copy(victim, to: victim)
        case .appended: try Damage.append([0]).copy(victim, to: victim)
        case .truncated: try Damage.cutEnd(1).copy(victim, to: victim)
        case .emptied: try TestFile.write([], to: victim)
        case .missingTablespaceFile:
            try Tool.shell("rm -r \"$(find -L \"$1/pg_tblspc\" -type f ! -name '*_*' | head -n 1)\"", [data])
        case .alteredManifest:
            let text = try TestFile.text(manifest)
            let altered = text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.contains("\"global/1262\"") }.joined(separator: "\n")
            guard altered != text else { throw TestFailure("the manifest does not name the file") }
            try TestFile.write(Array(altered.utf8), to: manifest)
        case .cutManifest: try Damage.cutEnd(3000).copy(manifest, to: manifest)
        case .cutVersion: try TestFile.write([], to: "\(data)/PG_VERSION")
        case .alteredControl: try Damage.flipBit(800).copy("\(data)/global/pg_control", to: "\(data)/global/pg_control")
        case .missingControl: unlink("\(data)/global/pg_control")
        case .alteredWAL: try Damage.flipBit((needed % 1_048_576 + 25) * 8).copy(segment, to: segment)
        case .cutWAL: try Damage.cut(at: Int(needed % 1_048_576) + 30).copy(segment, to: segment)
        case .missingWAL:
            try Tool.run("cp", [segment, "\(wal)/0000000100000000000000FF"])
            unlink(segment)
        case .noWAL: try Tool.shell("rm \"$1\"/000000*", [wal])
        }
    }

    /// The one that `position` lies in: segments have 1 MiB, and the server may have begun the next one meanwhile.
    private static func segment(in wal: String, at position: UInt64) throws -> String {
        let ending = String(0x1000 | position >> 20 & 0xFFF, radix: 16, uppercase: true).suffix(3)
        guard let name = try TestFile.names(in: wal).first(where: { $0.count == 24 && $0.hasSuffix(ending) })
        else { throw TestFailure("there is no segment …\(ending) in \(wal)") }
        return "\(wal)/\(name)"
    }
}
