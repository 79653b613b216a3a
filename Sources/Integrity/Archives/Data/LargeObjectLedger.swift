import Backups

/// Holds the large objects whose data was met against those that the table of contents announces. Their numbers stand
/// outside of every checksum.
struct LargeObjectLedger {
    private var announced: Set<UInt32> = []
    private var met: Set<UInt32> = []
    private let hasData: Bool

    /// `BLOB METADATA` lists the numbers line by line since archive version 1.16; before that each has an entry `BLOB`.
    /// Source: PostgreSQL 18 src/bin/pg_dump/pg_dump.c, dumpLO, and PostgreSQL 15, dumpBlob.
    init(_ toc: ArchiveTOC) throws {
        hasData = toc.entries.contains(where: \.isLargeObjects)
        for entry in toc.entries {
            switch entry.kind {
            case "BLOB": try announce(Array(entry.tag.utf8)[...])
            case "BLOB METADATA":
                for line in (entry.definition ?? []).split(separator: UInt8(ascii: "\n")) { try announce(line) }
            default: break
            }
        }
    }

    /// Takes note of one whose data was met.
    mutating func meet(_ identifier: UInt32) throws {
        guard announced.isEmpty || announced.contains(identifier) else {
            throw ContentDamage(
                "structure", .corrupt, "there is data for large object \(identifier), which has no entry")
        }
        guard met.insert(identifier).inserted else {
            throw ContentDamage("structure", .corrupt, "the data of large object \(identifier) is there twice")
        }
    }

    /// - Throws: ``ContentDamage`` when one that is announced was not met.
    func checkAllMet() throws {
        guard hasData, let missing = announced.subtracting(met).min() else { return }
        throw ContentDamage("structure", .missingFile, "there is no data for large object \(missing)")
    }

    private mutating func announce(_ text: ArraySlice<UInt8>) throws {
        guard let identifier = UInt32(String(decoding: text, as: UTF8.self)), identifier > 0 else {
            throw ContentDamage("toc", .corrupt, "the entry of a large object does not have its number")
        }
        announced.insert(identifier)
    }
}
