/// What an integrity pass may come to before it is given up.
package struct IntegrityLimits: Sendable {
    /// Most bytes of content; more is an ``Obstacle`` (`output-too-large`), for deflate makes up to 1032 bytes of each.
    package var maximumContentBytes: UInt64

    /// - Parameter maximumContentBytes: 16 TiB unless it is said.
    package init(maximumContentBytes: UInt64 = 16 << 40) {
        self.maximumContentBytes = maximumContentBytes
    }
}
