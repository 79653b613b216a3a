import Backups
import Processes

/// Lists locations side by side: each has its own time, and none holds up the others. One that has not answered is not asked
/// again before it does.
struct LocationListings {
    /// What one location held. Each part of it was seen between these moments.
    struct Listed: Sendable {
        let listing: LocationListing
        /// What the manifests there tell.
        let times: ManifestReader.Times
        let began: Timestamp
        let ended: Timestamp
    }

    private struct Answer: Sendable {
        let location: String
        let result: Result<Listed, Obstacle>
        let at: ContinuousClock.Instant
    }

    /// Most that are asked at the same moment. Whoever takes longer than a moment is waited for beside the others.
    private static let most = 16
    private static let moment = Duration.seconds(1)
    /// A location that always takes long is given longer, up to so many times what others get.
    private static let mostPatience = 5

    private let patience: Duration
    private let grace: Duration
    private let clock: @Sendable () -> Timestamp
    private let list: @Sendable (String) throws -> LocationListing
    private let answers = BlockingQueue<Answer>()
    /// When those were asked that have not answered.
    private var asked: [String: ContinuousClock.Instant] = [:]
    /// How long each took the last time.
    private var took: [String: Duration] = [:]

    /// - Parameters:
    ///   - patience: whoever takes longer is down until it has answered.
    ///   - grace: how long one look waits for one location. What comes later is for the next look.
    ///   - list: lists a location, or throws an ``Obstacle``.
    init(
        patience: Duration, grace: Duration, clock: @escaping @Sendable () -> Timestamp,
        list: @escaping @Sendable (String) throws -> LocationListing
    ) {
        self.patience = patience
        self.grace = grace
        self.clock = clock
        self.list = list
    }

    /// - Parameter locations: each with who reads its manifests.
    /// - Returns: what each answered since the last look, or why it can't be listed. One that is missing is being listed, and
    ///   nothing can be said of it yet.
    mutating func look(at locations: [String: ManifestReader]) -> [String: Result<Listed, Obstacle>] {
        var found: [String: Result<Listed, Obstacle>] = [:]
        while let answer = answers.next(for: .zero) { note(answer, &found) }
        let names = locations.keys.sorted()
        ask(names.filter { found[$0] == nil && asked[$0] == nil }, locations, &found)
        took = took.filter { locations[$0.key] != nil }
        let now = ContinuousClock.now
        for location in names where found[location] == nil {
            guard let since = asked[location], now - since >= patience(with: location) else { continue }
            found[location] = .failure(overdue(location))
        }
        return found
    }

    /// Asks all of them, and waits for each until it has answered or had its time.
    private mutating func ask(
        _ locations: [String], _ manifests: [String: ManifestReader], _ found: inout [String: Result<Listed, Obstacle>]
    ) {
        var next = locations[...]
        var awaited: [String: ContinuousClock.Instant] = [:]
        while true {
            let now = ContinuousClock.now
            var busy = awaited.values.filter { now < $0 + Self.moment }
            while busy.count < Self.most, let location = next.popFirst() {
                ask(location, manifests[location], at: now)
                awaited[location] = now
                busy.append(now)
            }
            // Whoever is left is asked when one of those answers, or has taken too long for a place of its own.
            let end = next.isEmpty ? awaited.values.max().map { $0 + grace } : busy.min().map { $0 + Self.moment }
            guard let end, now < end else { return }
            guard let answer = answers.next(for: end - now) else { continue }
            note(answer, &found)
            awaited[answer.location] = nil
        }
    }

    private mutating func ask(_ location: String, _ manifests: ManifestReader?, at moment: ContinuousClock.Instant) {
        asked[location] = moment
        DetachedThread.start(named: "listing") { [answers, clock, list] in
            let began = clock()
            let result = Result { try list(location) }.map { listing in
                let ended = clock()
                let times = manifests?.times(in: listing) ?? [:]
                return Listed(listing: listing, times: times, began: began, ended: ended)
            }
            .mapError { $0 as? Obstacle ?? Obstacle(.internalError, "\($0)") }
            answers.append(Answer(location: location, result: result, at: .now))
        }
    }

    /// An answer that took too long tells what was, perhaps hours ago: it is passed over, and the location asked again.
    private mutating func note(_ answer: Answer, _ found: inout [String: Result<Listed, Obstacle>]) {
        guard let since = asked.removeValue(forKey: answer.location) else { return }
        took[answer.location] = answer.at - since
        if answer.at - since <= patience * Self.mostPatience { found[answer.location] = answer.result }
    }

    private func patience(with location: String) -> Duration { Self.patience(patience, took: took[location]) }

    /// - Parameters:
    ///   - usual: what every location gets.
    ///   - took: how long this one took the last time.
    static func patience(_ usual: Duration, took: Duration?) -> Duration {
        max(usual, min((took ?? .zero) * 2, usual * mostPatience))
    }

    private func overdue(_ location: String) -> Obstacle {
        let seconds = patience(with: location).totalSeconds
        return Obstacle(
            .deadlineExceeded, "\(location) has not been listed within \(Quantity.duration(seconds: seconds))",
            hint: "Look whether its file system hangs, as a mount does whose server is gone.")
    }
}
