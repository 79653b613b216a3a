extension Evidence {
    /// The verdict, and no more than was proved.
    ///
    /// - The verdict combines all checks: one failure fails it, whatever trouble the machine had besides.
    /// - A planned stage without any check proves nothing: it is a check that is missing, and inconclusive.
    /// - `provedThrough` is the last stage before the first one that has a check which is not verified.
    /// - `proof` is the weakest of the tables': `manifest` only when the rows, or the bytes where rows were not proved, equal the manifest's, and it
    ///   names every table of the dump; `bounds` only when production's counters bound the rows of every one.
    package func conclude() -> Conclusion {
        let complete = checks + missingChecks()
        let verdict = Verdict.combining(complete.map(\.verdict))
        let provedThrough = lastProvedStage(in: complete)
        let content = contentProof(provedThrough: provedThrough)
        let decisive = complete.filter { $0.verdict == verdict }
        guard verdict != .verified, let first = decisive.min(by: { $0.stage < $1.stage }) else {
            return Conclusion(
                verdict: verdict, reason: until.map { _ in .stoppedEarly }, message: sentence(), hint: nil,
                proof: proof(provedThrough: provedThrough), provedThrough: provedThrough, stoppedAfter: until,
                content: content, notes: notes(content: content))
        }
        let others = decisive.count - 1
        let more = others == 0 ? "" : " (and \(Quantity.count(UInt64(others), "other check")) \(verdict.rawValue))"
        return Conclusion(
            verdict: verdict, reason: first.reason, message: first.message + more,
            hint: first.hint ?? decisive.lazy.compactMap(\.hint).first,
            proof: proof(provedThrough: provedThrough), provedThrough: provedThrough, stoppedAfter: until,
            content: content, notes: provedThrough == nil ? [] : notes(content: content))
    }

    private func missingChecks() -> [Check] {
        // What ended the run early is a check of its own, and says more than the stages that it kept from running.
        guard checks.allSatisfy({ $0.verdict == .verified }) else { return [] }
        let made = Set(checks.map(\.stage))
        return planned.filter { !made.contains($0) }.map {
            .inconclusive($0.rawValue, in: $0, .internalError, "nothing was checked in the stage \($0.rawValue)")
        }
    }

    private func lastProvedStage(in complete: [Check]) -> Stage? {
        let stages = Set(complete.map(\.stage)).sorted()
        return stages.prefix { stage in
            complete.allSatisfy { $0.stage != stage || $0.verdict == .verified }
        }.last
    }

    private func proof(provedThrough: Stage?) -> Proof {
        guard let provedThrough, provedThrough >= .integrity else { return .none }
        let comparedLast: Stage = provedThrough >= .rows && checks.contains { $0.stage == .rows } ? .rows : .integrity
        if equalToManifest.contains(comparedLast) { return .manifest }
        return isBounded && comparedLast == .rows ? .bounds : .itself
    }

    private func contentProof(provedThrough: Stage?) -> ContentProof {
        guard let provedThrough, provedThrough >= .integrity else { return .unproved }
        return digestMatchesManifest || formatHasChecksum ? .proved : .unproved
    }

    private func sentence() -> String {
        if let drilled { return drilled }
        let held = rows.map { rows in
            (tables.map { "\(Quantity.count($0, "table")), " } ?? "") + Quantity.count(rows, "row")
        }
        let source =
            equalToManifest.contains(.rows)
            ? "equal to the manifest"
            : "as many as the dump holds\(named)" + (isBounded ? " and as production's counters say they must be" : "")
        switch until {
        case .integrity, .fetch:
            return "the bytes are whole" + (held.map { " (\($0))" } ?? "") + "; nothing was restored, as asked"
        case .restore:
            return "it restores" + (held.map { " (\($0) in the dump)" } ?? "")
                + "; nothing was counted or compared, as asked"
        default:
            guard isRestored else { return "all checks passed" }
            let end = until == nil ? "" : "; stopped after \(until?.rawValue ?? ""), as asked"
            return held.map { "restored: \($0), \(source)\(end)" } ?? "restored, and all checks passed\(end)"
        }
    }

    /// Of a manifest that proves a part.
    private var named: String {
        tablesInManifest.map { "; the manifest names \(Quantity.count($0)) of the tables, and proves no other" } ?? ""
    }

    private func notes(content: ContentProof) -> [String] {
        content == .unproved ? [unproved] : []
    }
}
