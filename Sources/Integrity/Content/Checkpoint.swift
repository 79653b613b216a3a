/// A place in a gzip file from which it can be inflated without what comes before.
package struct Checkpoint: Sendable {
    /// Offset of the first byte of content that comes from here.
    package let contentOffset: UInt64
    /// Offset in the stored file where reading goes on.
    package var storedOffset: UInt64 { snapshot.storedOffset }
    let snapshot: GzipSnapshot
}
