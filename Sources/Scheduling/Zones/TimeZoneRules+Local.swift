package import Backups

extension TimeZoneRules {
    /// The moment at which a clock of this zone shows `local`: seconds since 1970-01-01 00:00 as if the clock were UTC.
    ///
    /// Of an hour that clocks show twice it is the first time. A time that they skip is the moment at which they were set
    /// forward. Both are the earlier choice: what is dated by it is never taken to be younger than it is.
    package func moment(local: Int64) -> Timestamp {
        // No clock is a day away from UTC: this span, or one that follows, holds the answer.
        var span = span(at: local - 86_400)
        while true {
            let seconds = local - span.offset
            if seconds < span.start { return Timestamp(seconds: span.start) }
            if seconds < span.end { return Timestamp(seconds: seconds) }
            span = self.span(at: span.end)
        }
    }
}
