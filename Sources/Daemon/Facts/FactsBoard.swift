import Backups
import Collectors
import Exposition
import Synchronization

/// The facts that are served now. Written by the conductor, read by every request.
final class FactsBoard: Sendable {
    private struct State {
        var facts: FleetFacts
        var page: RenderedExposition
    }

    private let state: Mutex<State>

    init(_ facts: FleetFacts) {
        state = Mutex(State(facts: facts, page: RenderedExposition(MetricsPage.families(facts))))
    }

    var facts: FleetFacts { state.withLock { $0.facts } }
    var page: RenderedExposition { state.withLock { $0.page } }

    /// Rendered outside of the lock: no scrape waits for it.
    func publish(_ facts: FleetFacts) {
        let previous = page
        let page = RenderedExposition(MetricsPage.families(facts), inPlaceOf: previous)
        state.withLock { $0 = State(facts: facts, page: page) }
    }
}
