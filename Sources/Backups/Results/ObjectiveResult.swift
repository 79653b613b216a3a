/// An objective in seconds beside what was measured.
///
/// It has no part in the verdict: an old backup, or a slow restore, may still be a sound one.
package struct ObjectiveResult: Sendable, Equatable {
    /// `nil` when none was given: the measured value is of use alone.
    package let objectiveSeconds: Double?
    /// `nil` when it could not be measured.
    package let measuredSeconds: Double?
    /// What the measured value stands on.
    package let basis: String
    /// The backup was proved to restore: without that no objective is met.
    package let isProved: Bool

    package init(objectiveSeconds: Double?, measuredSeconds: Double?, basis: String, isProved: Bool) {
        self.objectiveSeconds = objectiveSeconds
        self.measuredSeconds = measuredSeconds
        self.basis = basis
        self.isProved = isProved
    }

    /// `nil` where one of the two numbers is missing, and where the backup may not restore at all.
    package var isMet: Bool? {
        guard let objectiveSeconds, let measuredSeconds else { return nil }
        if measuredSeconds > objectiveSeconds { return false }
        return isProved ? true : nil
    }

    /// Recovery time: from the first byte to the last statement of the restore.
    package static func recoveryTime(
        objective: Duration?, restore: RestoreFacts?, isProved: Bool
    ) -> ObjectiveResult? {
        guard let restore else {
            return objective.map {
                ObjectiveResult(
                    objectiveSeconds: $0.totalSeconds, measuredSeconds: nil, basis: "nothing was restored",
                    isProved: false)
            }
        }
        let basis =
            switch restore.profile {
            case .fast: "fast scratch: a lower bound"
            case .durable: "durable scratch: settings like production's, on this machine"
            }
        return ObjectiveResult(
            objectiveSeconds: objective?.totalSeconds, measuredSeconds: restore.seconds, basis: basis,
            isProved: isProved)
    }

    /// Recovery point: what would be lost if this backup were needed at `moment`.
    package static func recoveryPoint(
        objective: Duration?, time: DataTime, at moment: Timestamp, isProved: Bool
    ) -> ObjectiveResult? {
        let age = time.age(at: moment)
        if objective == nil, age == nil { return nil }
        let basis =
            switch age {
            case .some((_, isLowerBound: false)): "data_as_of"
            case .some((_, isLowerBound: true)):
                "completed_at: a lower bound, the data are as much older as the dump took"
            case nil: "the backup does not say when it was made"
            }
        return ObjectiveResult(
            objectiveSeconds: objective?.totalSeconds, measuredSeconds: age?.seconds, basis: basis, isProved: isProved)
    }
}
