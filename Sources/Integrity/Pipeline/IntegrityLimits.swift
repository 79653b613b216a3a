package import Backups

/// What an integrity pass may come to before it is given up.
package struct IntegrityLimits: Sendable, Equatable {
    /// Far beyond what one dump holds, and what a decompression bomb comes to within an hour or two.
    package static let standardContentBytes: UInt64 = 4 << 40

    /// Most bytes of content; more is an ``Obstacle`` (`output-too-large`), for deflate makes up to 1032 bytes of each,
    /// and the other compressions far more.
    package var maximumContentBytes: UInt64

    package init(maximumContentBytes: UInt64 = standardContentBytes) {
        self.maximumContentBytes = maximumContentBytes
    }

    /// What is thrown when there is more.
    package var exceeded: Obstacle {
        Obstacle(
            .outputTooLarge,
            "the content is larger than \(Quantity.bytes(maximumContentBytes)), the most that is accepted",
            hint: "if the database is that large, raise the limit: --max-content, or max_content of scratch in the "
                + "configuration; else look at who wrote the file: it is a decompression bomb")
    }
}
