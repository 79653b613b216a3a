/// What the scratch server is tuned for.
package enum ScratchProfile: String, Sendable, Codable, CaseIterable {
    /// A throw-away load: nothing need survive a crash. Its restore time is a lower bound.
    case fast
    /// As production would run, so that the time of the restore means something.
    case durable
}
