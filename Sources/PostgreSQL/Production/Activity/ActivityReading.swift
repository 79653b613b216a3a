package import Backups

/// What production said of its tables at one moment, and what its sessions were at.
package struct ActivityReading: Sendable, Equatable {
    package var sample: ProductionSample
    package var sessions: SessionActivity

    package init(sample: ProductionSample, sessions: SessionActivity) {
        self.sample = sample
        self.sessions = sessions
    }
}
