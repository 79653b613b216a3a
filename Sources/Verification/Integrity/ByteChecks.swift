import Backups
import Integrity

/// Pure: what the bytes and what was counted in them say, beyond being whole.
enum ByteChecks {
    /// The stored bytes against the manifest's.
    static func manifest(_ manifest: Manifest, stored: StoredFacts) -> Check {
        let hint = "The file is not the one that was written with the manifest: restore from another backup."
        if manifest.backup.size != stored.size {
            return .failed(
                "manifest-digest", in: .integrity, .sizeMismatch,
                "the backup has \(Quantity.count(stored.size)) bytes, the manifest says \(Quantity.count(manifest.backup.size))",
                hint: hint)
        }
        guard manifest.backup.sha256 == stored.sha256 else {
            return .failed(
                "manifest-digest", in: .integrity, .digestMismatch,
                "the SHA-256 of the backup is not the one in the manifest", hint: hint,
                details: ["manifest \(manifest.backup.sha256)", "backup   \(stored.sha256)"])
        }
        return .verified("manifest-digest", in: .integrity, "size and SHA-256 are those of the manifest")
    }

    static func minimumSize(_ minimum: UInt64, stored: UInt64) -> Check {
        stored < minimum
            ? .failed(
                "size", in: .integrity, .tooSmall,
                "\(Quantity.bytes(stored)) stored, at least \(Quantity.bytes(minimum)) expected")
            : .verified(
                "size", in: .integrity, "\(Quantity.bytes(stored)) stored, \(Quantity.bytes(minimum)) expected at least"
            )
    }

    /// Only when an archive is turned into SQL is it said whether row security was on: by who restores it.
    static func unsaidRowSecurity(of archive: ArchiveResult) -> [String] {
        guard archive.toc.entries.contains(where: { $0.kind == "ROW SECURITY" }) else { return [] }
        return [
            "tables of the dump have row security, and an archive does not say whether it was made with "
                + "--enable-row-security, which leaves rows out. A manifest (restorable dump) closes this."
        ]
    }

    /// What keeps even a perfect restore from showing that all is there. They are checks of the rows.
    static func completeness(of contents: DumpContents, allowsEmpty: Bool, isSelection: Bool) -> [Check] {
        var checks: [Check] = []
        if contents.underRowSecurity {
            checks.append(
                .inconclusive(
                    "row-security", in: .rows, .rowSecurity,
                    "the dump was made under row security: it may lack rows that its maker was not allowed to see",
                    hint: "Dump as the owner or a role with BYPASSRLS, without --enable-row-security."))
        }
        if isSelection {
            checks.append(
                .inconclusive(
                    "selection", in: .rows, .selectionOnly,
                    "only a selection was restored: nothing is known of the rest",
                    hint: "Run without --table and --schema to prove the whole backup."))
        }
        // Large objects are no rows of the tables: these may have been lost, or hidden in a comment.
        let isEmpty =
            contents.totalRows == 0 && contents.uncounted.isEmpty
            && (contents.largeObjects == 0 || !contents.rows.isEmpty)
        if isEmpty, !allowsEmpty {
            let what =
                contents.rows.isEmpty
                ? "no tables" : "\(Quantity.count(UInt64(contents.rows.count), "table")) and no rows"
            checks.append(
                .inconclusive(
                    "empty", in: .rows, .empty, "the dump holds \(what): it may be of the wrong database",
                    hint: "If that is as it should be, say --allow-empty."))
        }
        return checks
    }
}
