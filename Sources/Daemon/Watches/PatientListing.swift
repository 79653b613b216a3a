import Backups
import Synchronization

/// Lists locations, none of which can hold up the others for good.
final class PatientListing: Sendable {
    private let patience: Duration
    private let list: @Sendable (String) throws -> LocationListing
    private let calls = Mutex<[String: PatientCall<LocationListing, any Error>]>([:])

    /// - Parameters:
    ///   - patience: how long one location is waited for. Whoever takes longer is down until it has answered.
    ///   - list: lists a location, or throws an ``Obstacle``.
    init(patience: Duration, list: @escaping @Sendable (String) throws -> LocationListing) {
        self.patience = patience
        self.list = list
    }

    /// - Throws: ``Obstacle``
    func listing(of location: String) throws -> LocationListing {
        let call = calls.withLock { calls in
            let call = calls[location] ?? PatientCall(named: "listing") { [list] in try list(location) }
            calls[location] = call
            return call
        }
        if let listing = try call.answer(within: patience) { return listing }
        throw Obstacle(
            .deadlineExceeded,
            "\(location) has not been listed within \(Quantity.duration(seconds: patience.totalSeconds))",
            hint: "Look whether its file system hangs, as a mount does whose server is gone.")
    }
}
