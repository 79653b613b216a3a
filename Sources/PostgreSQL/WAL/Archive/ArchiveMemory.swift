import Backups

/// What is known of an archive from one look to the next.
package struct ArchiveMemory: Sendable {
    /// Segments whose first page was found good.
    var inspected = InspectedSegments()
    var notes = ArchiveNotes()
    var commits = KnownCommits()
    /// As it was at the last look, where the next one can go on from there.
    private var listing: WALArchiveListing?
    /// When all of it was listed.
    private var sweptAt: Timestamp?

    package init() {}

    /// How to go on from the last listing.
    /// - Returns: `nil` when it is time to list everything.
    func resumption(at now: Timestamp, every interval: Duration, overlap: Int) -> ListingResumption? {
        guard let listing, let sweptAt, (0..<interval.totalSeconds).contains(now.seconds(since: sweptAt)) else {
            return nil
        }
        return ListingResumption(listing, overlap: overlap)
    }

    mutating func note(resumed listing: WALArchiveListing) { self.listing = listing }

    mutating func note(swept listing: WALArchiveListing, at now: Timestamp, resumes: Bool) {
        self.listing = resumes ? listing : nil
        sweptAt = now
    }
}
