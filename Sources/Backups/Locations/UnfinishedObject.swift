/// What a writer began and did not finish: it may have been killed, or may still be at work.
package struct UnfinishedObject: Sendable, Equatable {
    /// The path that the object would have, relative to the location.
    package let path: String
    /// What tells it from others of the same path; of the location's own making.
    package let identifier: String
    /// When something of it last came.
    package let touched: Timestamp

    package init(path: String, identifier: String, touched: Timestamp) {
        (self.path, self.identifier, self.touched) = (path, identifier, touched)
    }
}
