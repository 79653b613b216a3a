import Synchronization

/// Metric families of one moment, ready to be handed to every scrape. Each form is made once, when it is first asked for.
///
/// Only what is asked for takes memory: Prometheus reads OpenMetrics in gzip, about a tenth of the text, and nothing else is
/// kept then.
package final class RenderedExposition: Sendable {
    private let families: [MetricFamily]
    /// A lock for each form: who waits for one needs exactly that one.
    private let slots: [ExpositionForm: Slot]
    /// Made ahead of being asked for.
    private let prepared: Set<ExpositionForm>

    /// - Parameter previous: what this takes the place of. The forms that were asked of it are made here and now, so that
    ///   no scrape has to wait for them; call it where work of some milliseconds does no harm. Where nobody asked since
    ///   it was made, those it had made ahead are.
    package init(_ families: [MetricFamily], inPlaceOf previous: RenderedExposition? = nil) {
        self.families = families
        var slots: [ExpositionForm: Slot] = [:]
        for format in ExpositionFormat.allCases {
            for isGzipped in [false, true] { slots[ExpositionForm(format, isGzipped: isGzipped)] = Slot() }
        }
        self.slots = slots
        prepared = previous.map { $0.formsAskedFor.isEmpty ? $0.prepared : $0.formsAskedFor } ?? []
        for form in prepared { _ = body(in: form, isAsked: false) }
    }

    /// What to send to a client that asked for `form`.
    package func body(in form: ExpositionForm) -> Body {
        body(in: form, isAsked: true)
    }

    /// Forms that someone asked for since this was made.
    private var formsAskedFor: Set<ExpositionForm> {
        Set(slots.filter { $0.value.state.withLock(\.isAsked) }.keys)
    }

    /// Forms that are made by now.
    var formsMade: Set<ExpositionForm> {
        Set(slots.filter { $0.value.state.withLock { $0.body != nil } }.keys)
    }

    /// Bytes, and the form they are in: not compressed where compression was not possible.
    package struct Body: Sendable {
        package let form: ExpositionForm
        package let bytes: [UInt8]
    }

    private func body(in form: ExpositionForm, isAsked: Bool) -> Body {
        guard let slot = slots[form] else { return make(form) }
        return slot.state.withLock { state in
            if isAsked { state.isAsked = true }
            if let body = state.body { return body }
            let body = make(form)
            state.body = body
            return body
        }
    }

    private func make(_ form: ExpositionForm) -> Body {
        let text = ExpositionEncoder.encode(families, as: form.format)
        guard form.isGzipped, let compressed = Gzip.compress(text) else {
            return Body(form: ExpositionForm(form.format), bytes: text)
        }
        return Body(form: form, bytes: compressed)
    }

    private final class Slot: Sendable {
        let state = Mutex(State())
    }

    private struct State {
        var body: Body?
        var isAsked = false
    }
}
