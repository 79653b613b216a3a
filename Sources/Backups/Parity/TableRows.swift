/// Rows of one table on each side, while they are compared.
struct TableRows {
    var name: TableName
    /// In the dump itself.
    var dump: UInt64?
    /// In the restored database.
    var restored: UInt64?
    /// In the manifest, or in the live database.
    var reference: UInt64?
    var proof: Proof

    var result: TableResult {
        TableResult(name: name, dumpRows: dump, restoredRows: restored, referenceRows: reference, proof: proof)
    }
}
