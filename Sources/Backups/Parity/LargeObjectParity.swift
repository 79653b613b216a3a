/// The number of restored large objects against that of a manifest.
package enum LargeObjectParity {
    package static let name = "large-objects"

    /// - Returns: `nil` where there are none and must be none.
    package static func compare(expected: UInt64, restored: UInt64) -> Check? {
        guard expected > 0 || restored > 0 else { return nil }
        let objects = Quantity.count(restored, "large object")
        guard expected == restored else {
            return .failed(
                name, in: .rows, .rowsDiffer,
                "\(objects) came back, and the manifest says that \(Quantity.count(expected)) were there")
        }
        return .verified(name, in: .rows, "\(objects), as many as the manifest says were there")
    }
}
