import Backups

/// Holds the pages of a listing to what proves that nothing is left out of it: keys in the order of their bytes, each once, from
/// where they were asked for, and no page twice ("ListObjectsV2", Amazon S3 API Reference; directory buckets keep no order).
struct S3ListingOrder {
    private var last: String?
    private var tokens: Set<String> = []

    /// - Parameter start: the key after which the listing begins.
    init(after start: String?) { last = start }

    /// - Throws: ``HTTPFailure`` for a page that can't come next.
    mutating func check(_ page: S3Page) throws {
        for entry in page.entries {
            guard last.map({ $0.utf8.lexicographicallyPrecedes(entry.key.utf8) }) ?? true else {
                throw HTTPFailure(
                    .other,
                    "the listing is in no order: \(entry.key) comes after \(last ?? ""), and what is missing can't be told"
                )
            }
            last = entry.key
        }
        if let token = page.continuation, !tokens.insert(token).inserted {
            throw HTTPFailure(.other, "the listing goes round: it asks for the same page again")
        }
    }
}
