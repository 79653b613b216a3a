/// Room for what ``GzipDecoder`` needs to go on from one place; reused from buffer to buffer.
///
/// `@unchecked Sendable`, round the C state: it is only ever in one of two hands. In the integrity pass it belongs to a
/// slot of the ring of content buffers, and whoever owns the slot (see ``BufferRing``) is the only one to touch it. In
/// a ``Checkpoint`` nobody writes to it any more.
final class GzipSnapshot: @unchecked Sendable {
    /// Where the next byte of input lies; the bits that were taken in before it are in `state`.
    var storedOffset: UInt64 = 0
    /// `nil` between two members: then `state` means nothing.
    var memberStart: UInt64?
    let state = InflateState()

    func copy(from other: GzipSnapshot) {
        storedOffset = other.storedOffset
        memberStart = other.memberStart
        state.copy(from: other.state)
    }
}
