/// The number of restored large objects against that of the dump, and of a manifest.
package enum LargeObjectParity {
    package static let name = "large-objects"

    /// - Parameter manifest: what was there; `nil` where no manifest says so.
    /// - Returns: `nil` where there are none and must be none.
    package static func compare(dump: UInt64, manifest: UInt64?, restored: UInt64) -> Check? {
        guard dump > 0 || restored > 0 || manifest ?? 0 > 0 else { return nil }
        let objects = Quantity.count(restored, "large object")
        if let manifest, manifest != restored {
            return .failed(
                name, in: .rows, .rowsDiffer,
                "\(objects) came back, and the manifest says that \(Quantity.count(manifest)) were there")
        }
        guard dump == restored else {
            return .failed(
                name, in: .rows, .rowsDiffer, "\(objects) came back, and the dump holds \(Quantity.count(dump))")
        }
        return .verified(
            name, in: .rows,
            "\(objects), as many as \(manifest == nil ? "the dump holds" : "the manifest says were there")")
    }
}
